//! "If this computer stopped now …", word by word.

use super::*;

const IN_KEYRING: Kept = Kept { old: Keeping::Keyring, new: Keeping::Keyring };
const OLD_ONLY: Kept = Kept { old: Keeping::Keyring, new: Keeping::Nowhere };

#[test]
fn the_sentence_names_the_secret_that_works_and_the_step_that_is_next() {
    let table = [
        (started(Strategy::Overlap), OLD_ONLY, "v1 stays in use. On the next start Gatewright continues at step 1."),
        (
            before(Strategy::Overlap, ObtainNew),
            OLD_ONLY,
            "v1 keeps working. On the next start Gatewright continues at step 2.",
        ),
        (
            before(Strategy::Overlap, MoveDeployments),
            IN_KEYRING,
            "v1 and v2 both keep working. On the next start Gatewright continues at step 3.",
        ),
        (
            before(Strategy::Overlap, RetireOld),
            IN_KEYRING,
            "v1 and v2 both keep working. On the next start Gatewright continues at step 6.",
        ),
        (
            before(Strategy::Staged, Promote),
            IN_KEYRING,
            "v1 keeps working. On the next start Gatewright continues at step 4.",
        ),
        (
            before(Strategy::Staged, ProveNew),
            IN_KEYRING,
            "v2 stays in use. On the next start Gatewright continues at step 5.",
        ),
        (
            before(Strategy::CutOver, ProveNew),
            IN_KEYRING,
            "v2 stays in use. On the next start Gatewright continues at step 3.",
        ),
        (
            before(Strategy::AskSupport, ProveNew),
            IN_KEYRING,
            "The provider takes v1, v2 or both: nobody has seen which. On the next start Gatewright continues at step 3.",
        ),
        (
            after_all(&before(Strategy::Overlap, RetireOld), doing(RetireOld)),
            IN_KEYRING,
            "v2 stays in use. There is nothing left to do.",
        ),
    ];
    for (rotation, kept, sentence) in table {
        assert_eq!(if_stopped_now(&rotation, kept), sentence);
    }
}

#[test]
fn while_the_new_secret_is_on_its_way_the_sentence_knows_both_ends() {
    let asking = after_all(&before(Strategy::CutOver, ObtainNew), vec![obtain()]);
    assert_eq!(
        if_stopped_now(&asking, OLD_ONLY),
        "Nobody has seen yet whether the provider still takes v1: it may have made a new secret that is not stored here. On the next start Gatewright looks for the new secret in the keyring: if it is there, it continues at step 3, otherwise at step 2."
    );
    assert_eq!(asking.after_stop(OLD_ONLY, second(9)).step(), Some(ObtainNew));
    assert_eq!(asking.after_stop(IN_KEYRING, second(9)).step(), Some(ProveNew));
}

#[test]
fn what_is_only_in_memory_is_said_to_be_gone() {
    let in_memory = Kept { old: Keeping::Memory, new: Keeping::Memory };
    let rotation = before(Strategy::Overlap, MoveDeployments);
    assert_eq!(
        if_stopped_now(&rotation, in_memory),
        "v1 and v2 both keep working. But v1 and v2 are only in memory and would be gone. On the next start Gatewright continues at step 2."
    );
    let rotation = before(Strategy::CutOver, ProveNew);
    let new_in_memory = Kept { old: Keeping::Keyring, new: Keeping::Memory };
    assert_eq!(
        if_stopped_now(&rotation, new_in_memory),
        "v2 stays in use. But v2 is only in memory and would be gone. On the next start Gatewright continues at step 2."
    );
}

#[test]
fn what_is_on_its_way_into_the_keyring_is_neither_said_to_be_gone_nor_to_be_kept() {
    let rotation = before(Strategy::CutOver, ProveNew);
    let new_moves = Kept { old: Keeping::Keyring, new: Keeping::Moving };
    assert_eq!(
        if_stopped_now(&rotation, new_moves),
        "v2 stays in use. But v2 is on its way from memory into the keyring, and would be gone if it has not arrived. On the next start Gatewright looks for v2 in the keyring: if it is there, it continues at step 3, otherwise at step 2."
    );
    assert_eq!(rotation.after_stop(new_moves, second(9)), rotation, "until the keyring says that it is not there");
    let both_move = Kept { old: Keeping::Moving, new: Keeping::Moving };
    assert_eq!(
        if_stopped_now(&before(Strategy::Overlap, MoveDeployments), both_move),
        "v1 and v2 both keep working. But v1 and v2 are on their way from memory into the keyring, and would be gone if they have not arrived. On the next start Gatewright looks for v2 in the keyring: if it is there, it continues at step 3, otherwise at step 2."
    );
    let old_moves = Kept { old: Keeping::Moving, new: Keeping::Memory };
    assert_eq!(
        if_stopped_now(&before(Strategy::Overlap, MoveDeployments), old_moves),
        "v1 and v2 both keep working. But v2 is only in memory and would be gone. But v1 is on its way from memory into the keyring, and would be gone if it has not arrived. On the next start Gatewright continues at step 2."
    );
}
