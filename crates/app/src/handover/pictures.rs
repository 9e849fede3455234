//! The pictures of login pages in a backup: files that are named after what is in them, so that one which was changed is noticed here as
//! there.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::path::Path;

use gatewright_contract::Failure;
use gatewright_handover::backup::{BackupPictures, BackupWriter, LONGEST_PICTURE};
use gatewright_store::evidence::PictureFile;

use super::files;
use super::under_way::UnderWay;
use crate::evidence::{Folder, name_of};

/// The most bytes that pictures take in a backup: 2,000 MB, of the newest. One that no disk takes is of no use to anybody.
const MOST_BYTES: u64 = 2_000_000_000;

/// The pictures that go into a backup, and what is said of those that do not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) files: Vec<PictureFile>,
    /// How many bytes they have.
    pub(super) bytes: u64,
    /// How many have no room.
    no_room: u32,
}

/// Chooses of pictures, the newest of which come first, those that a backup has room for.
pub(super) fn choose(files: Vec<PictureFile>) -> Chosen {
    choose_within(files, MOST_BYTES)
}

fn choose_within(files: Vec<PictureFile>, most: u64) -> Chosen {
    let mut chosen = Chosen::default();
    for file in files {
        let with_it = chosen.bytes + u64::from(file.bytes);
        // Once one has no room, no older one has: nobody wants a stock with holes.
        if chosen.no_room > 0 || with_it > most {
            chosen.no_room += 1;
        } else {
            chosen.bytes = with_it;
            chosen.files.push(file);
        }
    }
    chosen
}

/// What became of the pictures.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Packed {
    /// How many are in the backup.
    pub(super) pictures: u32,
    /// What is not, and why, in sentences.
    pub(super) left_out: Vec<String>,
}

/// Adds the chosen pictures to a backup. One whose file is not what it was is left out; that the backup cannot be written is an error.
pub(super) fn pack<W: Write>(chosen: &Chosen, folder: &Folder, backup: &mut BackupWriter<W>) -> io::Result<Packed> {
    let (mut packed, mut gone, mut changed, mut unreadable) = (0, 0, 0, 0);
    for file in &chosen.files {
        match folder.read(&file.sha256) {
            Ok(bytes) if bytes.len() as u64 <= LONGEST_PICTURE => {
                backup.put_picture(&file.sha256, &bytes)?;
                packed += 1;
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => gone += 1,
            Err(cause) if cause.kind() != io::ErrorKind::InvalidData => {
                tracing::warn!(%cause, "a picture is not in the backup");
                unreadable += 1;
            }
            // No picture that we have taken is that long.
            Ok(_) | Err(_) => changed += 1,
        }
    }
    let no_room = chosen.no_room;
    let left_out = [of_gone(gone), of_changed(changed), of_unreadable(unreadable), of_no_room(no_room)];
    Ok(Packed { pictures: packed, left_out: left_out.into_iter().flatten().collect() })
}

fn of_gone(count: u32) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 picture is not in the backup: its file is gone.".to_owned()),
        count => Some(format!("{count} pictures are not in the backup: their files are gone.")),
    }
}

fn of_changed(count: u32) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 picture is not in the backup: something else has changed its file.".to_owned()),
        count => Some(format!("{count} pictures are not in the backup: something else has changed their files.")),
    }
}

fn of_unreadable(count: u32) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 picture is not in the backup: its file cannot be read.".to_owned()),
        count => Some(format!("{count} pictures are not in the backup: their files cannot be read.")),
    }
}

fn of_no_room(count: u32) -> Option<String> {
    match count {
        0 => None,
        1 => Some("The oldest picture is not in the backup: it takes 2,000 MB of pictures at most.".to_owned()),
        count => {
            Some(format!("The {count} oldest pictures are not in the backup: it takes 2,000 MB of pictures at most."))
        }
    }
}

/// What came out of a backup.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unpacked {
    /// The names of the pictures whose files are there now.
    pub(super) there: HashSet<String>,
    /// How many were not those that their names say.
    pub(super) not_the_same: u32,
}

impl Unpacked {
    /// What is said of pictures that were not restored.
    pub(super) fn left_out(&self) -> Option<String> {
        match self.not_the_same {
            0 => None,
            1 => Some("1 picture was not restored: it is not the one that was taken.".to_owned()),
            count => Some(format!("{count} pictures were not restored: they are not those that were taken.")),
        }
    }
}

/// Writes the pictures of a backup to the folder of a restore. The folder is there even where it stays empty: the pictures that are here
/// now belong to the runs that are here now.
pub(super) fn unpack<R: Read>(
    mut pictures: BackupPictures<R>,
    restore: &Path,
    work: &UnderWay,
) -> Result<Unpacked, Failure> {
    let folder = Folder::in_data_dir(restore);
    folder.make().map_err(|cause| files::not_written(&cause))?;
    let mut unpacked = Unpacked::default();
    while let Some(picture) = pictures.next_picture().map_err(|error| super::of_opening(&error))? {
        work.go_on()?;
        if name_of(&picture.bytes) == picture.sha256 {
            folder.keep(&picture.bytes).map_err(|cause| files::not_written(&cause))?;
            unpacked.there.insert(picture.sha256);
        } else {
            unpacked.not_the_same += 1;
        }
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use gatewright_contract::handover::BackupWork;
    use gatewright_handover::backup::{self, BackupHead};
    use gatewright_handover::sealed::{Key, Lock};
    use gatewright_protocol::Secret;
    use tokio_util::sync::CancellationToken;

    use super::*;

    fn backed_up(write: impl FnOnce(&mut BackupWriter<Vec<u8>>)) -> BackupPictures<io::Cursor<Vec<u8>>> {
        let words = "correct horse battery";
        let lock = Lock::Passphrase { passphrase: Secret::new(words), work_factor: 4 };
        let head = BackupHead {
            made_at: String::new(),
            made_by: String::new(),
            sandbox_apps: None,
            walk_plans: Vec::new(),
            entries: Vec::new(),
        };
        let mut backup = backup::begin_with_pictures(&head, &mut io::empty(), 0, &lock, Vec::new()).unwrap();
        write(&mut backup);
        let sealed = io::Cursor::new(backup.finish().unwrap());
        let opened = backup::open(sealed, &Key::Passphrase(Secret::new(words))).unwrap();
        opened.write_database(&mut Vec::new()).unwrap()
    }

    fn going_on() -> UnderWay {
        UnderWay::new(BackupWork::Making, CancellationToken::new())
    }

    #[test]
    fn pictures_come_back_and_what_is_gone_or_changed_is_said() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let album = Folder::in_data_dir(here.path());
        let names = [b"whole", b"alter", b"gone!"].map(|bytes| album.keep(bytes).unwrap());
        let path = |name: &str| here.path().join(format!("evidence/{}/{name}.png", &name[..2]));
        std::fs::write(path(&names[1]), "other").unwrap();
        std::fs::remove_file(path(&names[2])).unwrap();
        let files = names.iter().map(|name| PictureFile { sha256: name.clone(), bytes: 5 }).collect();
        let mut packed = Packed::default();
        let pictures = backed_up(|backup| packed = pack(&choose(files), &album, backup).unwrap());
        let expected = [
            "1 picture is not in the backup: its file is gone.",
            "1 picture is not in the backup: something else has changed its file.",
        ];
        assert_eq!((packed.pictures, packed.left_out), (1, expected.map(str::to_owned).to_vec()));
        let unpacked = unpack(pictures, there.path(), &going_on()).unwrap();
        assert_eq!((unpacked.left_out(), unpacked.there), (None, HashSet::from([names[0].clone()])));
        assert_eq!(Folder::in_data_dir(there.path()).read(&names[0]).unwrap(), b"whole");
    }

    #[test]
    fn a_picture_that_is_not_what_its_name_says_is_not_restored_and_that_is_said() {
        let there = tempfile::tempdir().unwrap();
        let right = name_of(b"right");
        let pictures = backed_up(|backup| {
            backup.put_picture(&"1".repeat(64), b"made up").unwrap();
            backup.put_picture(&right, b"right").unwrap();
        });
        let unpacked = unpack(pictures, there.path(), &going_on()).unwrap();
        let said = unpacked.left_out();
        assert_eq!(said.as_deref(), Some("1 picture was not restored: it is not the one that was taken."));
        assert_eq!(unpacked.there, HashSet::from([right]));
    }

    #[test]
    fn a_backup_without_pictures_leaves_an_empty_folder_that_takes_the_place_of_those_that_are_here() {
        let there = tempfile::tempdir().unwrap();
        assert_eq!(unpack(backed_up(|_| {}), there.path(), &going_on()).unwrap(), Unpacked::default());
        assert_eq!(std::fs::read_dir(there.path().join(crate::evidence::FOLDER)).unwrap().count(), 0);
    }

    #[test]
    fn once_stopped_no_further_picture_is_restored() {
        let there = tempfile::tempdir().unwrap();
        let work = going_on();
        work.stop();
        let pictures = backed_up(|backup| backup.put_picture(&name_of(b"right"), b"right").unwrap());
        assert!(unpack(pictures, there.path(), &work).is_err());
    }

    fn file(letter: char) -> PictureFile {
        PictureFile { sha256: letter.to_string().repeat(64), bytes: 100 }
    }

    #[test]
    fn where_there_is_no_room_for_all_the_newest_go_along_and_the_others_are_counted() {
        let all = ['a', 'b', 'c'].map(file).to_vec();
        assert_eq!(choose_within(all.clone(), 300), Chosen { files: all.clone(), bytes: 300, no_room: 0 });
        let chosen = choose_within(all.clone(), 299);
        assert_eq!(chosen, Chosen { files: all[..2].to_vec(), bytes: 200, no_room: 1 });
        let small = PictureFile { bytes: 1, ..file('d') };
        let chosen = choose_within([all, vec![small]].concat(), 299);
        assert_eq!(chosen.no_room, 2, "the stock has no holes, though a small old one would still fit");
        assert!(of_no_room(2).unwrap().starts_with("The 2 oldest pictures"));
    }
}
