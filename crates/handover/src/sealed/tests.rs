use super::*;

/// Quick, for tests; what people get is [`WORK_FACTOR`].
const QUICK: u8 = 4;

fn passphrase(text: &str) -> Lock {
    Lock::Passphrase { passphrase: Secret::new(text), work_factor: QUICK }
}

fn seal(lock: &Lock, text: &[u8], as_text: bool) -> Vec<u8> {
    let mut writer = seal_to(lock, Vec::new(), as_text).unwrap();
    writer.write_all(text).unwrap();
    writer.finish().unwrap()
}

fn opened(key: &Key, sealed: &[u8]) -> Result<Vec<u8>, OpeningError> {
    let mut text = Vec::new();
    open(key, sealed)?.read_to_end(&mut text).map_err(OpeningError::Io)?;
    Ok(text)
}

#[test]
fn what_a_passphrase_closed_it_opens_and_another_does_not() {
    for as_text in [false, true] {
        let sealed = seal(&passphrase("correct horse battery"), b"the text", as_text);
        assert!(is_sealed(&sealed) && !sealed.windows(8).any(|window| window == b"the text"));
        assert_eq!(wanted_key(&sealed).unwrap(), KeyKind::Passphrase);
        assert_eq!(opened(&Key::Passphrase(Secret::new("correct horse battery")), &sealed).unwrap(), b"the text");
        let other = opened(&Key::Passphrase(Secret::new("incorrect horse battery")), &sealed);
        assert!(matches!(other, Err(OpeningError::WrongPassphrase)), "{other:?}");
    }
}

#[test]
fn what_was_made_for_a_key_opens_with_it_and_with_no_other() {
    let [own, other] = [x25519::Identity::generate(), x25519::Identity::generate()];
    let recipient = Recipient::parse(&format!(" {}\n", own.to_public())).unwrap();
    let sealed = seal(&Lock::Recipients(vec![recipient]), b"the text", true);
    assert_eq!(wanted_key(&sealed).unwrap(), KeyKind::Identity);
    let key = |identity: &x25519::Identity| {
        use age::secrecy::ExposeSecret as _;
        Key::Identity(Secret::new(format!("# created: today\n{}\n", identity.to_string().expose_secret())))
    };
    assert_eq!(opened(&key(&own), &sealed).unwrap(), b"the text");
    assert!(matches!(opened(&key(&other), &sealed), Err(OpeningError::WrongIdentity)));
    let passphrase = opened(&Key::Passphrase(Secret::new("correct horse battery")), &sealed);
    assert!(matches!(passphrase, Err(OpeningError::OtherKind { wanted: KeyKind::Identity })));
}

#[test]
fn a_short_passphrase_and_a_list_of_nobody_are_refused() {
    assert!(matches!(seal_to(&passphrase("eleven char"), Vec::new(), true), Err(SealingError::ShortPassphrase)));
    assert!(matches!(seal_to(&Lock::Recipients(vec![]), Vec::new(), true), Err(SealingError::NoRecipient)));
    assert!(matches!(Recipient::parse("age1nonsense"), Err(SealingError::NotARecipient)));
    let sealed = seal(&Lock::Recipients(vec![Recipient(x25519::Identity::generate().to_public())]), b"", true);
    assert!(matches!(opened(&Key::Identity(Secret::new("hello")), &sealed), Err(OpeningError::NotAnIdentity)));
}

#[test]
fn a_file_that_was_changed_or_cut_off_does_not_open_to_its_end() {
    let lock = passphrase("correct horse battery");
    let key = Key::Passphrase(Secret::new("correct horse battery"));
    let sealed = seal(&lock, &vec![7; 200_000], false);
    let mut changed = sealed.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    assert!(opened(&key, &changed).is_err());
    assert!(opened(&key, &sealed[..sealed.len() - 70_000]).is_err());
}

#[test]
fn anything_else_is_told_not_to_be_encrypted() {
    for text in [&b""[..], b"hello", b"age-encryption.org/v9\n", b"-----BEGIN AGE ENCRYPTED FILE-----\nxx"] {
        let read = opened(&Key::Passphrase(Secret::new("correct horse battery")), text);
        assert!(matches!(read, Err(OpeningError::NotSealed)), "{read:?}");
    }
}

#[test]
fn a_file_that_asks_for_a_day_of_work_is_refused() {
    let sealed = seal(&passphrase("correct horse battery"), b"x", false);
    let text = String::from_utf8_lossy(&sealed).into_owned();
    let line = text.lines().find(|line| line.starts_with("-> scrypt")).unwrap();
    let harder = line.rsplit_once(' ').unwrap().0.to_owned() + " 30";
    let place = sealed.windows(line.len()).position(|window| window == line.as_bytes()).unwrap();
    let changed = [&sealed[..place], harder.as_bytes(), &sealed[place + line.len()..]].concat();
    let read = opened(&Key::Passphrase(Secret::new("correct horse battery")), &changed);
    assert!(matches!(read, Err(OpeningError::TooMuchWork)), "{read:?}");
}
