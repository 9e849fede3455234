import type { ClientSnippet, SnippetLanguage, SnippetWish } from "$ipc/gen/snippet";

/** How a program begins in each language; the whole of them is tested where they are written. */
const beginnings: Record<SnippetLanguage, readonly [file: string, needs: string, command: string]> = {
  curl: ["login.sh", "Bash, curl, jq and openssl.", "bash login.sh"],
  node: ["login.mjs", "Node.js 20 or later; no packages.", "node login.mjs"],
  python: ["login.py", "Python 3.9 or later; no packages.", "python3 login.py"],
  go: ["login.go", "Go 1.18 or later; no modules.", "go run login.go"],
  php: ["login.php", "PHP 8.1 or later; no extensions.", "php login.php"],
  rust: ["src/main.rs", "cargo add reqwest --features blocking,form && cargo add serde_json", "cargo run"],
};

/** A program as the backend writes it, the first part of one in Python. */
export function snippet({ language, redirectUri }: SnippetWish): ClientSnippet {
  const [fileName, install, command] = beginnings[language];
  return {
    text: program,
    fileName,
    install,
    run: `read -rs CLIENT_SECRET && export CLIENT_SECRET && ${command}`,
    redirectUri: redirectUri ?? "https://app.example.org/callback",
  };
}

const program = `# Logs in at ContentDB as the client “Forum login” and says who it was.
# Document: ContentDB help, page “OAuth2 API”.

import json
import os
import secrets
import sys
import urllib.error
import urllib.parse
import urllib.request

CLIENT_ID = "qX3"
REDIRECT_URI = "https://app.example.org/callback"
CLIENT_SECRET = os.environ.get("CLIENT_SECRET") or sys.exit("Set CLIENT_SECRET to the secret of this client.")


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A secret must not follow a redirect."""

    def redirect_request(self, *arguments):
        return None


def send(request):
    """Sends a request: the status and what the answer says."""
    try:
        response = urllib.request.build_opener(NoRedirects).open(request, timeout=30)
    except urllib.error.HTTPError as refusal:
        response = refusal
    with response:
        return response.status, json.load(response)


# 1. Where the browser is sent.
# The slash at the end of every path is part of it. (Not in the document, but seen: Server
# source.)
# No PKCE challenge is sent. (Not in the document, but seen: Server source.)
state = secrets.token_hex(16)
parameters = urllib.parse.urlencode([
    ("client_id", CLIENT_ID),
    ("response_type", "code"),
    ("redirect_uri", REDIRECT_URI),
    ("state", state),
])
print("Open this address in a browser:")
print("http://127.0.0.1:41241/contentdb/oauth/authorize/?" + parameters)

# 2. What the browser came back with.
# state comes back with a code, and with nothing else. (Not in the document, but seen: Server
# source.)
# Who cancels comes back without any parameter: no code, no error, no state. Never take that for a
# login. (Document: Authorize, second example.)
`;
