//! What can be done with the tokens of a login that is over.

use crate::run::NamedText;
use crate::wire;

wire! { "token.ts";
    /// What a person granted in a login that gave a refresh token.
    pub struct GrantDetail {
        /// Where it stands.
        pub state: GrantState,
        /// What that means and what to do, in one or two sentences; none while there is nothing to say.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: Option<String>,
        /// How often its tokens were refreshed.
        pub refreshes: u32,
        /// When the current access token ends, RFC 3339; none when the server did not say.
        pub access_expires_at: Option<String>,
        /// When the current refresh token ends, RFC 3339; none when the server did not say.
        pub refresh_expires_at: Option<String>,
        /// When the tokens were last refreshed, RFC 3339.
        pub refreshed_at: Option<String>,
    }

    /// Where a grant stands.
    #[derive(Copy, Eq)]
    pub enum GrantState {
        /// Its refresh token can be used.
        Live,
        /// Its refresh token was sent and the answer never came: the person decides whether it is tried once more.
        Ambiguous,
        /// The server refuses its refresh token: only a new login helps.
        Lost,
        /// It was revoked, or the person was logged out.
        Ended,
    }

    /// Something that can be done with the tokens of a run right now. What cannot be done, or the provider has not, is not in the list.
    pub struct TokenAction {
        /// What.
        pub kind: TokenActionKind,
        /// The token it is done to: `access_token`, `refresh_token` or `id_token`; none where it is about the login as a whole.
        pub token: Option<String>,
    }

    /// What can be done.
    #[derive(Copy, Eq)]
    pub enum TokenActionKind {
        /// `token_refresh`.
        Refresh,
        /// `token_refresh` with `tryOnceMore`: the person has read what that may cost.
        TryOnceMore,
        /// `token_revoke`.
        Revoke,
        /// `token_introspect`.
        Introspect,
        /// `token_userinfo`.
        Userinfo,
        /// `login_end`.
        LogOut,
        /// `token_decode`.
        Decode,
    }

    /// Refresh the tokens of a run.
    pub struct TokenRefresh {
        /// The run.
        pub run: String,
        /// The refresh token was sent before and its answer never came; the person wants one more try, knowing that the provider may
        /// then revoke everything that was granted.
        pub try_once_more: bool,
    }

    /// What a token holds, as far as anybody can read it. The token itself is not in here.
    pub struct JwtDetail {
        /// `access_token`, `refresh_token` or `id_token`.
        pub token: String,
        /// What it turns out to be.
        pub form: JwtForm,
        /// What that means, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// The parameters of its header.
        pub header: Vec<NamedText>,
        /// Its claims.
        pub claims: Vec<NamedText>,
        /// Those claims that are times.
        pub times: Vec<ClaimTime>,
        /// A member that is there twice; only the first is shown.
        pub twice: Option<String>,
        /// What is known of its signature.
        pub signature: SignatureStanding,
    }

    /// What a token turns out to be.
    #[derive(Copy, Eq)]
    pub enum JwtForm {
        /// A JWT whose claims can be read.
        Signed,
        /// An encrypted JWT: only its header can be read.
        Encrypted,
        /// No JWT: only the server that issued it can say what it means.
        Opaque,
    }

    /// A claim that is a time.
    pub struct ClaimTime {
        /// Its name: `exp`, `iat` …
        pub claim: String,
        /// The time, RFC 3339.
        pub at: String,
        /// It is written in milliseconds, which no reader of a JWT expects.
        pub in_milliseconds: bool,
    }

    /// What is known of a token's signature.
    #[derive(Copy, Eq)]
    pub enum SignatureStanding {
        /// It was verified when the token came.
        Verified,
        /// It was not: do not believe what stands here.
        NotVerified,
        /// There is no signature.
        Absent,
    }
}
