use std::time::Duration;

use gatewright_testkit::FakeClock;

use super::*;

/// What arrives of one page: moment, time since the start, and whether there is a picture.
type Told = (u32, Moment, Duration, Result<(), Missing>);

struct Visit {
    clock: Arc<FakeClock>,
    start: Timestamp,
    pictures: Pictures,
    arriving: mpsc::UnboundedReceiver<Sight>,
}

impl Visit {
    fn new(without: Option<Missing>) -> Self {
        let clock = Arc::new(FakeClock::default());
        let (pictures, arriving) = Pictures::channel(clock.clone(), without);
        Self { start: clock.now(), clock, pictures, arriving }
    }

    fn page(&self) -> Arc<Page> {
        self.pictures.page(&"https://olivia@id.example.org/login;jsessionid=8A7F?state=abc#x".parse().unwrap()).unwrap()
    }

    fn told(&mut self) -> Vec<Told> {
        std::iter::from_fn(|| self.arriving.try_recv().ok())
            .map(|sight| {
                assert_eq!(sight.address, "https://id.example.org/login");
                let since = Duration::try_from(sight.at.duration_since(self.start)).unwrap();
                (sight.page, sight.moment, since, sight.pixels.map(drop))
            })
            .collect()
    }
}

fn pixels() -> Pixels {
    Pixels { width: 1, height: 1, stride: 4, bytes: vec![0; 4] }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_look_belongs_to_the_moment_in_which_it_began() {
    let mut visit = Visit::new(None);
    let page = visit.page();
    visit.clock.advance(seconds(1));
    let look = page.look(Moment::PageLoaded).unwrap();
    visit.clock.advance(seconds(5));
    assert!(visit.told().is_empty());
    look.shows(pixels());
    assert_eq!(visit.told(), [(0, Moment::PageLoaded, seconds(1), Ok(()))]);
}

#[test]
fn of_what_a_person_does_on_a_page_the_last_counts_when_it_is_left() {
    let mut visit = Visit::new(None);
    let page = visit.page();
    page.look(Moment::PageLoaded).unwrap().shows(pixels());
    visit.clock.advance(seconds(1));
    page.look(Moment::Decided).unwrap().shows(pixels());
    visit.clock.advance(seconds(1));
    page.look(Moment::Decided).unwrap().shows(pixels());
    visit.clock.advance(seconds(1));
    // The view was asked once more and gave nothing.
    drop(page.look(Moment::Decided));
    assert_eq!(visit.told(), [(0, Moment::PageLoaded, seconds(0), Ok(()))], "the person may do more yet");
    drop(page);
    assert_eq!(visit.told(), [(0, Moment::Decided, seconds(2), Ok(()))]);
}

#[test]
fn a_page_that_is_left_while_it_is_pictured_was_left_as_in_that_picture() {
    let mut visit = Visit::new(None);
    let page = visit.page();
    let look = page.look(Moment::PageLoaded).unwrap();
    visit.clock.advance(seconds(1));
    let second = page.look(Moment::Decided).unwrap();
    drop(page);
    look.shows(pixels());
    // The page was gone before it was painted again.
    drop(second);
    let told = visit.told();
    assert_eq!(told, [(0, Moment::PageLoaded, seconds(0), Ok(())), (0, Moment::Decided, seconds(1), Ok(()))]);
}

#[test]
fn what_is_pressed_while_the_loaded_page_is_pictured_has_a_picture_of_its_own() {
    let mut visit = Visit::new(None);
    let page = visit.page();
    let loaded = page.look(Moment::PageLoaded).unwrap();
    visit.clock.advance(seconds(1));
    let pressed = page.look(Moment::Decided).unwrap();
    drop(page);
    pressed.shows(Pixels { width: 2, ..pixels() });
    loaded.shows(pixels());
    let left = std::iter::from_fn(|| visit.arriving.try_recv().ok()).last().unwrap();
    assert_eq!((left.moment, left.pixels.ok().map(|pixels| pixels.width)), (Moment::Decided, Some(2)));
}

#[test]
fn who_keeps_a_key_down_asks_for_few_pictures_and_the_last_press_counts() {
    let mut visit = Visit::new(None);
    let page = visit.page();
    page.look(Moment::PageLoaded).unwrap().shows(pixels());
    let presses: Vec<_> = (0..20)
        .filter_map(|_| {
            visit.clock.advance(seconds(1));
            page.look(Moment::Decided)
        })
        .collect();
    assert_eq!(presses.len(), 4);
    drop(page);
    for look in presses {
        look.shows(pixels());
    }
    assert_eq!(visit.told()[1], (0, Moment::Decided, seconds(20), Ok(())));
}

#[test]
fn a_picture_that_comes_after_the_page_was_left_is_kept() {
    let mut visit = Visit::new(None);
    let page = visit.page();
    let look = page.look(Moment::Decided).unwrap();
    drop(page);
    let next = visit.page();
    next.look(Moment::PageLoaded).unwrap().shows(pixels());
    look.shows(pixels());
    let told: Vec<_> = visit.told().into_iter().map(|(page, moment, ..)| (page, moment)).collect();
    assert_eq!(told, [(1, Moment::PageLoaded), (0, Moment::PageLoaded), (0, Moment::Decided)]);
}

#[test]
fn a_page_that_was_not_pictured_says_why() {
    let mut visit = Visit::new(None);
    drop(visit.page());
    let unanswered = visit.page();
    drop(unanswered.look(Moment::PageLoaded));
    drop(unanswered);
    visit.page().cannot_be_pictured();
    let why: Vec<_> = visit.told().into_iter().map(|(.., picture)| picture.unwrap_err()).collect();
    assert_eq!(why, [Missing::LeftBefore, Missing::NotTaken, Missing::NotOnThisSystem]);
}

#[test]
fn without_pictures_the_pages_and_what_was_done_there_are_told_all_the_same() {
    let mut visit = Visit::new(Some(Missing::SwitchedOff));
    let page = visit.page();
    assert!(page.look(Moment::PageLoaded).is_none());
    visit.clock.advance(seconds(3));
    assert!(page.look(Moment::Decided).is_none());
    drop(page);
    let off = Err(Missing::SwitchedOff);
    let told = visit.told();
    assert_eq!(told, [(0, Moment::PageLoaded, seconds(0), off), (0, Moment::Decided, seconds(3), off)]);
}

#[test]
fn a_page_that_redirects_for_ever_fills_neither_memory_nor_disk() {
    let mut visit = Visit::new(None);
    let address: Url = "https://id.example.org/login".parse().unwrap();
    let pictured = (0..1000)
        .filter_map(|_| visit.pictures.page(&address))
        .filter_map(|page| page.look(Moment::PageLoaded))
        .map(|look| look.shows(pixels()))
        .count();
    let told = visit.told();
    assert_eq!((pictured, told.len()), (30, 200));
    assert_eq!(told[30].3, Err(Missing::RunFull));
}

#[test]
fn an_address_has_no_state_and_no_nonce_of_its_request_in_its_path() {
    let mut visit = Visit::new(None);
    let request =
        "https://id.example.org/authorize?client_id=pages-of-id&state=s7a7e-0f-th15&nonce=n0nce-0f-1t&scope=x";
    visit.pictures.hide_request(&request.parse().unwrap());
    let page = "https://id.example.org/flows/s7a7e-0f-th15/pages-of-id/n0nce-0f-1t/x";
    drop(visit.pictures.page(&page.parse().unwrap()));
    let address = visit.arriving.try_recv().unwrap().address;
    assert_eq!(address, "https://id.example.org/flows/‹state›/pages-of-id/‹nonce›/x");
}

#[test]
fn what_is_seen_when_the_time_runs_out_leaves_the_last_press_as_it_was() {
    let mut visit = Visit::new(None);
    let page = visit.page();
    page.look(Moment::PageLoaded).unwrap().shows(pixels());
    visit.clock.advance(seconds(2));
    page.look(Moment::Decided).unwrap().shows(pixels());
    visit.clock.advance(seconds(60));
    page.look(Moment::TimeRanOut).unwrap().shows(pixels());
    drop(page.look(Moment::TimeRanOut));
    drop(page);
    let expected = [(Moment::PageLoaded, 0), (Moment::TimeRanOut, 62), (Moment::Decided, 2)];
    assert_eq!(visit.told(), expected.map(|(moment, at)| (0, moment, seconds(at), Ok(()))));
}

#[test]
fn a_last_look_that_fails_takes_nothing_from_what_the_person_pressed() {
    let mut visit = Visit::new(None);
    let page = visit.page();
    page.look(Moment::PageLoaded).unwrap().shows(pixels());
    page.look(Moment::Decided).unwrap().shows(pixels());
    drop(page.look(Moment::TimeRanOut));
    drop(page);
    let looks: Vec<_> = visit.told().into_iter().map(|(_, moment, _, picture)| (moment, picture)).collect();
    let expected =
        [(Moment::PageLoaded, Ok(())), (Moment::TimeRanOut, Err(Missing::NotTaken)), (Moment::Decided, Ok(()))];
    assert_eq!(looks, expected);
}
