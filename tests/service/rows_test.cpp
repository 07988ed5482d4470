// Somebody with the database in hand changes rows beside the acts: `shoumen verify` names them.
#include "ledger_stage.hpp"

using namespace shoumen::service;
using shoumen::support::run_to_end;

namespace {

shoumen::support::Ended verify(const Stage& stage) { return run_to_end({"verify", "--data", stage.data()}); }

}  // namespace

TEST_CASE("a timeline or a role that no act stands for is found") {
    Stage stage;
    own_password(stage);
    const std::string id = an_incident(stage, "r1");
    CHECK(act(stage, "responder", id, "acknowledge") == "");
    CHECK(act(stage, "responder", id, "depart") == "");
    CHECK(stage.ask("admin", "POST", "/api/v1/accounts/verifier/roles", json::object{{"role", "auditor"}}).status ==
          201);
    const auto judged =
        stage.ask("responder", "POST", "/api/v1/incidents/" + id + "/actions/judge", json::object{{"verdict", "true"}});
    CHECK_MESSAGE(judged.status == 200, judged.body);
    CHECK(stage.stop() == 0);
    const auto whole = verify(stage);
    CHECK_MESSAGE(whole.code == 0, whole.out, whole.err);
    CHECK(has(whole.out, "agree with"));
    copy_database(stage.data(), stage.scratch("whole"));
    const auto after = [&](const std::string& sql) {
        copy_database(stage.scratch("whole"), stage.data());
        change(stage.data(), sql);
        const auto told = verify(stage);
        CHECK_MESSAGE(told.code == 1, sql, told.out);
        return told.out;
    };
    const std::string of = " WHERE incident = " + id;
    CHECK(has(after("UPDATE incident_event SET actor = 'p-somebody-else'" + of + " AND type = 'acknowledged'"),
              "no act stands for \"acknowledged\""));
    CHECK(has(after("UPDATE incident_event SET at = at - 600000000" + of + " AND type = 'departed'"),
              "no act stands for \"departed\""));
    CHECK(has(after("UPDATE incident_event SET detail = 'false'" + of + " AND type = 'judged'"),
              "no act stands for \"judged\""));
    CHECK(has(after("UPDATE input_batch SET received = received - 600000000 WHERE first_seq = "
                    "(SELECT max(first_seq) FROM input_batch)"),
              "the moment written beside the batch"));
    CHECK(has(after("DELETE FROM incident_event" + of + " AND type = 'departed'"), "entries in its timeline"));
    CHECK(has(after("UPDATE role_grant SET role = 'administrator' WHERE account = 'verifier' AND role = 'auditor'"),
              "account verifier: no act gave it the role administrator"));
    CHECK(has(after("UPDATE incident SET state = 'closed' WHERE id = " + id), "incident " + id + " is"));
}
