#include "shell/tasks.hpp"

#include <doctest/doctest.h>

#include "shell/trial.hpp"

using namespace shoumen;
using namespace shoumen::shell;

namespace {

ports::Task full_task() {
    ports::Task t;
    t.id = 77;
    t.kind = "policy-try";
    t.state = ports::TaskState::failed;
    t.done = 5;
    t.total = 10;
    t.started = {1'000};
    t.ended = {2'000};
    t.by = "p-101";
    t.from = {-5};
    t.to = {500};
    t.based_on = 3;
    t.digest = base::sha256("files");
    t.error = "policy-refused";
    t.findings = {{"rules/a.yaml", 7, "unknown-word", "'smok' is no kind"}};
    ports::TriedRule rule{"smoke-alarm", {"烟感", "Smoke"}, 1, 2, 3, 4, {}, {}, {}};
    rule.added_examples = {{{9}, "b1-301", {"", "Flat 301"}, "smoke-301"}};
    rule.gone_examples = {{{10}, "b1", {}, ""}};
    rule.examples = rule.gone_examples;
    t.result = ports::TrialResult{9, 1, 2, 3, 4, {rule}};
    return t;
}

std::string bytes_of(const ports::Task& task) {
    base::ByteWriter out;
    encode(task, out);
    return out.take();
}

model::Policy policy_knowing(const std::string& field) {
    model::Policy p;
    p.fields = {"smoke", field};
    p.devices.push_back({.code = "smoke-301", .kind = model::SignalKind::smoke});
    p.devices.push_back({.code = "smoke-302", .kind = model::SignalKind::smoke, .retired = true});
    p.devices.push_back({.code = "gas-301", .kind = model::SignalKind::gas});
    p.index();
    return p;
}

void add_signal(model::Batch& batch, std::uint32_t device) {
    model::Signal s;
    s.device = model::DeviceId{device};
    s.kind = model::SignalKind::smoke;
    s.values_begin = static_cast<std::uint32_t>(batch.values.size());
    s.others_begin = static_cast<std::uint32_t>(batch.others.size());
    s.value_count = 1;
    s.other_count = 2;
    batch.values.push_back(model::Value::boolean(model::FieldId{0U}, true));
    batch.others.push_back({"tamper", model::ValueType::boolean, 1, 0});
    batch.others.push_back({"volts", model::ValueType::number, 2.5, 0});
    batch.inputs.push_back({model::InputType::signal, static_cast<std::uint32_t>(batch.signals.size()), {1}});
    batch.signals.push_back(s);
}

}  // namespace

TEST_CASE("a kept task is read as it was written") {
    const std::string bytes = bytes_of(full_task());
    const auto read = decode_task(bytes);
    REQUIRE(read);
    CHECK(bytes_of(*read) == bytes);
    CHECK(read->result->rules[0].added_examples[0].device == "smoke-301");
    CHECK(read->findings[0].line == 7);
    CHECK(read->state == ports::TaskState::failed);
}

TEST_CASE("a damaged one is refused, wherever it was cut or changed in its head") {
    const std::string bytes = bytes_of(full_task());
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode_task(bytes.substr(0, n)));
    CHECK_FALSE(decode_task(bytes + "x"));
    std::string other_form = bytes;
    other_form[0] = 9;
    CHECK_FALSE(decode_task(other_form));
}

TEST_CASE(
    "a batch of the log is read anew: fields known since then are given, what is not heard any more is left out") {
    model::Batch batch;
    add_signal(batch, 0);
    add_signal(batch, 1);  // retired
    add_signal(batch, 2);  // of another kind by now
    add_signal(batch, 0);
    batch.inputs.insert(batch.inputs.begin() + 1, {model::InputType::command, 0, {1}});
    batch.inputs.push_back({model::InputType::timer, 0, {2}});
    read_anew(policy_knowing("tamper"), batch);
    REQUIRE(batch.inputs.size() == 2);
    for (const auto& head : batch.inputs) {
        const model::Signal& s = batch.signals[head.index];
        REQUIRE(s.value_count == 2);
        CHECK(batch.values[s.values_begin].field == model::FieldId{0U});
        CHECK(batch.values[s.values_begin + 1U].field == model::FieldId{1U});
        CHECK(batch.values[s.values_begin + 1U].number == 1);
    }
}

TEST_CASE("the side of before keeps signals and changes of policy, and nothing else") {
    model::Batch batch;
    add_signal(batch, 0);
    for (const auto type : {model::InputType::command, model::InputType::timer, model::InputType::policy,
                            model::InputType::record, model::InputType::signal})
        batch.inputs.push_back({type, 0, {1}});
    without_deeds(batch);
    REQUIRE(batch.inputs.size() == 3);
    CHECK(batch.inputs[1].type == model::InputType::policy);
}
