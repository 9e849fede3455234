//! What can be started, and what the board shows.

use gatewright_contract::Handler;
use gatewright_contract::client::ClientRef;
use gatewright_contract::rotation::{
    RotationBoardQuery, RotationDriver, RotationFilter, RotationStrategy, RotationUrgency, RotationWaitsFor,
};

use super::{CALLBACK, Walk};
use crate::stage::Stage;

#[tokio::test]
async fn the_ways_are_those_of_the_provider_and_what_its_twin_can_do_besides() {
    let stage = Stage::new().await;
    let table = [
        ("chattz", RotationStrategy::Overlap, RotationDriver::Sandbox),
        ("contentdb", RotationStrategy::ReplaceClient, RotationDriver::Sandbox),
        ("gitter", RotationStrategy::ReplaceClient, RotationDriver::Sandbox),
    ];
    for (twin, strategy, driver) in table {
        let client = stage.register(twin, CALLBACK).await;
        let options = stage.app.rotation_options(ClientRef { client: client.row.id.clone() }).await.unwrap();
        let best = &options.ways[0];
        assert_eq!((best.strategy, best.drivers[0]), (strategy, driver), "{twin}");
        assert_eq!((options.obstacle, options.under_way), (None, None), "{twin}");
        assert!(best.drivers.contains(&RotationDriver::ByHand), "{twin}: a person always can");
    }
}

#[tokio::test]
async fn the_board_shows_every_secret_and_how_far_a_rotation_has_come() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let _other = stage.register("gitter", CALLBACK).await;
    let walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    let ask = |only| RotationBoardQuery { only, offset: 0, limit: 50 };
    let all = stage.app.rotation_board(ask(RotationFilter::All)).await.unwrap();
    assert_eq!((all.rows.len(), all.total, all.due, all.under_way), (2, 2, 0, 1));
    assert_eq!(all.ages.iter().map(|age| age.secrets).collect::<Vec<_>>(), [2, 0, 0]);
    assert!(all.rows.iter().all(|row| row.urgency == RotationUrgency::Fine && row.due_at.is_some()));
    let open = stage.app.rotation_board(ask(RotationFilter::UnderWay)).await.unwrap();
    let [row] = &*open.rows else { panic!("{open:?}") };
    let progress = row.rotation.as_ref().unwrap();
    assert_eq!((&progress.rotation, progress.step, progress.steps), (&walk.now.id, 1, 6));
    assert_eq!(progress.waits_for, RotationWaitsFor::Person);
    assert_eq!(stage.app.rotation_board(ask(RotationFilter::Due)).await.unwrap().rows, []);
}
