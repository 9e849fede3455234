//! The rotation of a client's secret: a runbook that survives every interruption.

use gatewright_contract::Failure;
use gatewright_contract::rotation::{
    DeploymentTick, RotationBoard, RotationBoardQuery, RotationConfirm, RotationDetail, RotationLogin, RotationOptions,
    RotationPaste, RotationStart,
};
use gatewright_contract::run::RunRef;

use crate::{App, failure};

fn none<T>() -> Result<T, Failure> {
    Err(failure::not_found("There is no such rotation."))
}

macro_rules! unstarted {
    ($($name:ident($request:ty) -> $response:ty;)+) => {
        #[expect(clippy::unused_async, reason = "the runbook follows")]
        impl App { $(pub(crate) async fn $name(&self, _: $request) -> Result<$response, Failure> { none() })+ }
    };
}

unstarted! {
    rotation_board_page(RotationBoardQuery) -> RotationBoard;
    rotation_ways(&str) -> RotationOptions;
    start_rotation(RotationStart) -> RotationDetail;
    rotation_detail(&str) -> RotationDetail;
    prove_old_secret(&str) -> RotationDetail;
    obtain_new_secret(&RotationConfirm) -> RotationDetail;
    paste_new_secret(RotationPaste) -> RotationDetail;
    store_new_secret_again(&str) -> RotationDetail;
    tick_deployment(DeploymentTick) -> RotationDetail;
    prove_new_secret(&str) -> RotationDetail;
    prove_by_login(RotationLogin) -> RunRef;
    promote_new_secret(&RotationConfirm) -> RotationDetail;
    retire_old_secret(&RotationConfirm) -> RotationDetail;
    pass_step_over(&RotationConfirm) -> RotationDetail;
    roll_rotation_back(&RotationConfirm) -> RotationDetail;
    abandon_rotation(&RotationConfirm) -> RotationDetail;
}
