// The ledger through the doors of the real program: receipts, witnesses, and what is found when somebody changes a row,
// restores yesterday's database under the running keys, or empties a row.
#include "ledger_stage.hpp"

using namespace shoumen::service;
using shoumen::support::run_to_end;

namespace fs = std::filesystem;

TEST_CASE("receipts, a witness, and every way in which somebody may tamper") {
    Stage stage({"--watch-every", "0.2"});
    own_password(stage);
    const Street street(stage);
    Auditor auditor(stage);

    // The witness is made known.
    const auto unknown = street.look(stage);
    CHECK(unknown.code == 2);
    CHECK(has(unknown.err, "add this line to its keys/witnesses"));
    REQUIRE(unknown.out.starts_with("witness street.example+"));
    const std::string vkey = unknown.out.substr(8, unknown.out.find('\n') - 8);
    write(stage.data() + "/keys/witnesses", "# the street office\n" + vkey + "\n");
    CHECK((fs::status(stage.data() + "/keys/ledger-ed25519.key").permissions() & fs::perms::others_all) ==
          fs::perms::none);
    CHECK((fs::status(stage.data() + "/keys/ledger-sm2.key").permissions() & fs::perms::group_all) == fs::perms::none);
    const std::string keys = stage.scratch("given-keys");
    write(keys, fetch(stage, "/ledger/keys") + vkey + "\n");
    CHECK(stage.stop() == 0);
    stage.restart();

    // What somebody does becomes an act, and the act gets a receipt.
    const std::string id = an_incident(stage, "a1");
    CHECK(act(stage, "responder", id, "acknowledge") == "");
    const std::string taken = auditor.newest_act("acknowledge");
    REQUIRE(!taken.empty());
    const auto first = receipt(stage, "responder", taken);
    REQUIRE(first.status == 200);
    const std::string alone(json::parse(first.body).at("receipt").as_string());
    write(stage.scratch("receipt"), alone);
    write(stage.scratch("code"), std::string(json::parse(first.body).at("code").as_string()));
    const auto proven =
        run_to_end({"ledger", "verify", "--key", keys, stage.scratch("receipt"), stage.scratch("code")});
    CHECK_MESSAGE(proven.code == 0, proven.out);
    CHECK(has(proven.out, "acknowledge of incident:" + id));
    CHECK(has(proven.out, "the log alone stands for the time"));
    // Not for whoever may not see the act, nor for one that is not there.
    CHECK(stage.ask("verifier", "GET", "/api/v1/acts/" + taken + "/receipt").status == 404);
    CHECK(auditor.get("/api/v1/acts/999999/receipt").status == 404);

    const auto cosigned = street.look(stage);
    CHECK_MESSAGE(cosigned.code == 0, cosigned.err);
    const auto second = receipt(stage, "responder", taken);
    CHECK(json::parse(second.body).at("cosigned_by").as_array().size() == 1);
    write(stage.scratch("receipt-2"), std::string(json::parse(second.body).at("receipt").as_string()));
    const auto witnessed = run_to_end({"ledger", "verify", "--key", keys, stage.scratch("receipt-2")});
    CHECK(witnessed.code == 0);
    CHECK(has(witnessed.out, "co-signed by street.example"));
    const auto state = json::parse(stage.ask("duty", "GET", "/api/v1/ledger").body);
    CHECK(state.at("witnesses").as_array()[0].at("silent") == false);
    CHECK_FALSE(state.as_object().contains("fault"));

    // What is done at the machine while the node is stopped is proven as well.
    CHECK(stage.stop() == 0);
    CHECK(run_to_end({"password", "--data", stage.data(), "verifier"}).code == 0);
    CHECK(run_to_end({"token", "--community", demo, "--data", stage.data(), "d-1"}).code == 0);
    stage.restart();
    for (const std::string kind : {"password_reset", "device_token_given"}) {
        const auto at_machine = auditor.newest_act(kind);
        REQUIRE(!at_machine.empty());
        auto its = auditor.get("/api/v1/acts/" + at_machine + "/receipt");
        for (int i = 0; i < 30 && its.status == 409; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            its = auditor.get("/api/v1/acts/" + at_machine + "/receipt");
        }
        REQUIRE(its.status == 200);
        write(stage.scratch("receipt-m"), std::string(json::parse(its.body).at("receipt").as_string()));
        const auto shown = run_to_end({"ledger", "verify", "--key", keys, stage.scratch("receipt-m")});
        CHECK_MESSAGE(shown.code == 0, shown.out);
        CHECK(has(shown.out, kind));
    }

    // Yesterday's copy; then today.
    CHECK(stage.stop() == 0);
    copy_database(stage.data(), stage.scratch("yesterday"));
    stage.restart();
    CHECK(act(stage, "responder", id, "depart") == "");
    CHECK(receipt(stage, "responder", auditor.newest_act("depart")).status == 200);
    CHECK(street.look(stage).code == 0);
    CHECK(stage.stop() == 0);
    const auto whole = audit(stage, "whole", keys, {street.state});
    CHECK_MESSAGE(whole.code == 0, whole.out);

    // An insider edits a row.
    copy_database(stage.data(), stage.scratch("today"));
    change(stage.data(), "UPDATE act SET actor = 'p-somebody-else' WHERE id = " + taken);
    const auto edited = audit(stage, "edited", keys);
    CHECK(edited.code == 1);
    CHECK(has(edited.out, "act " + taken + " (leaf"));
    CHECK(has(edited.out, "was changed after it was written"));
    copy_database(stage.scratch("today"), stage.data());
    change(stage.data(), "DELETE FROM act WHERE id = " + taken);
    const auto deleted = audit(stage, "deleted", keys);
    CHECK(deleted.code == 1);
    CHECK(has(deleted.out, "nothing stands for leaf"));
    copy_database(stage.scratch("today"), stage.data());

    // A row is emptied with no act of erasing beside it (persons_test has one): found, though every proof stays valid.
    change(stage.data(),
           "UPDATE act SET actor = '', subject = '', detail = '', purpose = '', role = '', salt = zeroblob(32) WHERE "
           "id = " +
               taken);
    const auto erased =
        audit(stage, "erased", keys, {street.state, stage.scratch("receipt"), stage.scratch("receipt-2")});
    CHECK_MESSAGE(erased.code == 1, erased.out);
    CHECK(has(erased.out, "act " + taken + " is emptied, and no act of erasing says so"));
    CHECK(has(erased.out, "1 acts erased"));
    stage.restart();
    const auto of_erased = auditor.get("/api/v1/acts/" + taken + "/receipt");
    REQUIRE(of_erased.status == 200);
    write(stage.scratch("receipt-3"), std::string(json::parse(of_erased.body).at("receipt").as_string()));
    const auto still = run_to_end({"ledger", "verify", "--key", keys, stage.scratch("receipt-3")});
    CHECK_MESSAGE(still.code == 0, still.out);
    CHECK(has(still.out, "its fields have been erased"));
    CHECK(stage.stop() == 0);

    // Yesterday's database under the running keys: noticed at the start, an incident, nothing signed, and refused by
    // the witness, who reports it.
    copy_database(stage.scratch("yesterday"), stage.data());
    stage.restart();
    CHECK(has(stage.server().log(), "ledger_fault"));
    CHECK(stage.wait_until([](const json::array& live) {
        return std::ranges::any_of(live,
                                   [](const json::value& i) { return i.at("kind").as_string() == "platform_ledger"; });
    }));
    CHECK(json::parse(stage.ask("duty", "GET", "/api/v1/ledger").body).at("fault") == "smaller");
    const auto refused = street.look(stage);
    CHECK(refused.code == 1);
    CHECK(has(refused.err, "records were deleted, or an older backup was restored"));
    CHECK(json::parse(stage.ask("duty", "GET", "/api/v1/ledger").body).at("fault") == "split");
    CHECK(fs::exists(street.state + ".refused"));
    CHECK(stage.stop() == 0);
    const auto old = audit(stage, "old", keys, {street.state});
    CHECK(old.code == 1);
    CHECK(has(old.out, "an older backup was restored"));

    // Keys and database of yesterday together: the server cannot know, the witness does.
    fs::remove(stage.data() + "/keys/last-signed");
    stage.restart();
    CHECK(act(stage, "responder", id, "depart") == "");
    CHECK(receipt(stage, "responder", auditor.newest_act("depart")).status == 200);
    CHECK(street.look(stage).code == 1);
    for (const auto& finding : stage.contract_findings()) FAIL_CHECK(finding);
}
