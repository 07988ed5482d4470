#include "doors/sip/registrar.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "testing/fakes.hpp"

using namespace shoumen;
using namespace shoumen::doors::sip;
using namespace shoumen::doors::sip::testing;

namespace {

bool is(const std::string& answer, int status) { return answer.starts_with(fmt::format("SIP/2.0 {} ", status)); }

std::string catalogue_part(int serial, int sum, int from, int count) {
    std::string items;
    for (int i = from; i < from + count; ++i)
        items += fmt::format("<Item><DeviceID>3402000000131{:07}</DeviceID><Name>ch{}</Name><Status>ON</Status></Item>",
                             i, i);
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"GB2312\"?><Response><CmdType>Catalog</CmdType><SN>{}</SN>"
        "<DeviceID>{}</DeviceID><SumNum>{}</SumNum><DeviceList Num=\"{}\">{}</DeviceList></Response>",
        serial, recorder, sum, count, items);
}

int serial_of(const std::vector<std::string>& sent, const std::string& command) {
    for (const auto& s : sent) {
        if (s.find("<CmdType>" + command + "</CmdType>") != std::string::npos)
            return std::stoi(between(s, "<SN>", "</SN>"));
    }
    return 0;
}

std::string ok_for(const std::string& request, const std::string& more = {}) {
    return fmt::format(
        "SIP/2.0 200 OK\r\nVia: {}\r\nFrom: {}\r\nTo: {};tag=9\r\nCall-ID: {}\r\nCSeq: {}\r\n{}"
        "Content-Length: 0\r\n\r\n",
        between(request, "Via: ", "\r\n"), between(request, "From: ", "\r\n"), between(request, "To: ", "\r\n"),
        between(request, "Call-ID: ", "\r\n"), between(request, "CSeq: ", "\r\n"), more);
}

}  // namespace

TEST_CASE("the digest of RFC 2617 comes out as it stands there") {
    const Authorization a{"Mufasa",
                          "testrealm@host.com",
                          "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                          "/dir/index.html",
                          "6629fae49393a05397450978507c4ef1",
                          "MD5",
                          "0a4f113b",
                          "auth",
                          "00000001"};
    CHECK(digest_matches(a, "GET", "Circle Of Life"));
    CHECK_FALSE(digest_matches(a, "GET", "Circle Of Life "));
    CHECK_FALSE(digest_matches(a, "PUT", "Circle Of Life"));
}

TEST_CASE("a camera registers by digest, and is asked for its catalogue and its alarms") {
    Stand stand;
    const auto first = stand.say(head("REGISTER", camera, ++stand.sequence, "Expires: 3600\r\n"));
    CHECK(is(first, 401));
    CHECK(first.find("realm=\"3402000000\"") != std::string::npos);
    CHECK(first.find("rport=5060") != std::string::npos);
    const auto done = stand.register_as(camera, "secret-34020000001320000001");
    CHECK(is(done, 200));
    CHECK(done.find("Expires: 3600\r\n") != std::string::npos);
    CHECK(done.find("Date: ") != std::string::npos);
    CHECK(stand.registrar->counters().registered == 1);
    CHECK(serial_of(stand.others, "Catalog") > 0);
    CHECK(serial_of(stand.others, "Alarm") > 0);
    CHECK(stand.intake.online() == std::vector<std::string>{"34020000001320000001 true"});
}

TEST_CASE("the 200 of a registration leaves when it is on disk, and comes again with the same message") {
    Stand stand;
    const std::string more = "Contact: <sip:x@192.0.2.10>\r\nExpires: 3600\r\n";
    const auto challenge = stand.say(head("REGISTER", camera, 1, more));
    stand.book.holds_back = true;
    const auto message =
        head("REGISTER", camera, 2, more + credentials(challenge, camera, "secret-34020000001320000001"));
    CHECK(stand.say(message).empty());
    CHECK(stand.say(message).empty());
    REQUIRE(stand.book.held.size() == 1);
    stand.book.held.front()();
    const auto answer = stand.answer();
    CHECK(is(answer, 200));
    CHECK(stand.say(message) == answer);
    CHECK(stand.registrar->counters().registrations == 1);
    // Remembered for a minute, and no longer: then its nonce is too old.
    stand.now += 65'000;
    stand.registrar->tick(stand.now);
    CHECK(is(stand.say(message), 401));
}

TEST_CASE("who is turned away") {
    Stand stand;
    SUBCASE("a wrong password") { CHECK(is(stand.register_as(camera, "secret-of-another"), 403)); }
    SUBCASE("the platform's own code as password") { CHECK(is(stand.register_as(camera, platform), 403)); }
    SUBCASE("no password at all") { CHECK(is(stand.register_as(camera, ""), 403)); }
    SUBCASE("a device that was given none") {
        stand.intake.add("34020000001320000009", model::SignalKind::motion);
        CHECK(is(stand.register_as("34020000001320000009", ""), 403));
    }
    SUBCASE("a code of nobody") {
        CHECK(is(stand.register_as("34020000001320000007", "secret-34020000001320000007"), 403));
    }
    SUBCASE("a revoked password") {
        stand.intake.revoked = "secret-34020000001320000001";
        CHECK(is(stand.register_as(camera, "secret-34020000001320000001"), 403));
    }
    SUBCASE("a name that is no code") { CHECK(is(stand.register_as("admin", "secret-admin"), 403)); }
    CHECK(stand.registrar->counters().registered == 0);
    CHECK(stand.registrar->counters().refused == 1);
    CHECK(stand.intake.taken.empty());
}

TEST_CASE("a nonce is good once, and for a minute") {
    Stand stand;
    const std::string more = "Expires: 3600\r\n";
    const auto challenge = stand.say(head("REGISTER", camera, 1, more));
    const auto shown = credentials(challenge, camera, "secret-34020000001320000001");
    CHECK(is(stand.say(head("REGISTER", camera, 2, more + shown)), 200));
    const auto again = stand.say(head("REGISTER", camera, 3, more + shown));
    CHECK(is(again, 401));
    CHECK(again.find("stale=true") != std::string::npos);
    const auto late = credentials(again, camera, "secret-34020000001320000001");
    stand.now += 62'000;
    CHECK(is(stand.say(head("REGISTER", camera, 4, more + late)), 401));
    std::string made_up = late;
    made_up.replace(made_up.find("nonce=\"") + 7, 8, "ffffffff");
    CHECK(is(stand.say(head("REGISTER", camera, 5, more + made_up)), 401));
}

TEST_CASE("devices that know no quality of protection register all the same") {
    Stand stand;
    const std::string more = "Expires: 3600\r\n";
    const auto challenge = stand.say(head("REGISTER", camera, 1, more));
    CHECK(is(stand.say(head("REGISTER", camera, 2,
                            more + credentials(challenge, camera, "secret-34020000001320000001", "REGISTER", false))),
             200));
}

TEST_CASE("an alarm is answered when it is on disk, not before, and not doubled") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001");
    stand.intake.commit_at_once = false;
    stand.intake.on_disk = stand.intake.taken.size();
    const auto message = head("MESSAGE", camera, 50, "Content-Type: Application/MANSCDP+xml\r\n",
                              alarm_body(camera, 7, 5, 6, "\xce\xa7\xc0\xb8\xc8\xeb\xc7\xd6"));
    CHECK(stand.say(message).empty());
    CHECK(stand.say(message).empty());
    stand.registrar->progress();
    CHECK(stand.answer().empty());
    REQUIRE(stand.intake.alarms().size() == 1);
    stand.intake.on_disk = stand.intake.taken.size();
    stand.registrar->progress();
    const auto answer = stand.answer();
    CHECK(is(answer, 200));
    REQUIRE(stand.others.size() == 1);
    CHECK(stand.others.front().find("<Result>OK</Result>") != std::string::npos);
    CHECK(stand.say(message) == answer);
    CHECK(stand.intake.alarms().size() == 1);
    const auto a = stand.intake.alarms().front();
    CHECK(a.device == camera);
    CHECK(a.time == "2026-07-03T04:00:00Z");
    CHECK(a.values.at("alarm") == "intrusion");
    CHECK(a.values.at("fault") == "false");
    CHECK(a.values.at("person") == "true");
    CHECK(a.values.at("description") == "围栏入侵");
    // The same alarm in another message has the same id, which the core knows repeats by.
    CHECK(stand.send(camera, alarm_body(camera, 7, 5, 6)).empty());
    REQUIRE(stand.intake.alarms().size() == 2);
    CHECK(stand.intake.alarms()[1].id == a.id);
}

TEST_CASE("while the shell is busy nothing is answered, and the alarm is taken when it comes again") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001");
    const auto message =
        head("MESSAGE", camera, 50, "Content-Type: Application/MANSCDP+xml\r\n", alarm_body(camera, 7, 5, 6));
    stand.intake.busy = true;
    CHECK(stand.say(message).empty());
    CHECK(stand.registrar->counters().stalls == 1);
    stand.intake.busy = false;
    CHECK(is(stand.say(message), 200));
    CHECK(stand.intake.alarms().size() == 1);
}

TEST_CASE("a recorder speaks for the channels under it; what it says of itself is said of the link") {
    Stand stand;
    stand.register_as(recorder, "secret-34020000001180000001");
    CHECK(stand.intake.online() == std::vector<std::string>{"link-recorder true"});
    CHECK(is(stand.send(recorder, alarm_body("34020000001340000002", 1, 2, 4)), 200));
    CHECK(is(stand.send(recorder, alarm_body(recorder, 2, 6, 1)), 200));
    CHECK(is(stand.send(recorder, alarm_body("34020000001320000777", 3, 5, 2)), 200));
    CHECK(is(stand.send(recorder, alarm_body(camera, 4, 5, 2)), 200));
    const auto alarms = stand.intake.alarms();
    REQUIRE(alarms.size() == 4);
    CHECK(alarms[0].device == "smoke-hall");
    CHECK(alarms[0].values.at("smoke") == "true");
    CHECK(alarms[1].device == "link-recorder");
    CHECK(alarms[1].values.at("alarm") == "disk_fault");
    CHECK(alarms[1].values.at("fault") == "true");
    CHECK(alarms[2].code == "unknown-device");
    CHECK(alarms[3].code == "not-your-device");
    CHECK(stand.registrar->counters().quarantined == 2);
}

TEST_CASE("an alarm in a NOTIFY is taken as one in a MESSAGE") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001");
    CHECK(is(stand.send(camera, alarm_body(camera, 9, 5, 2), "NOTIFY"), 200));
    CHECK(stand.others.empty());
    REQUIRE(stand.intake.alarms().size() == 1);
    CHECK(stand.intake.alarms()[0].values.at("motion") == "true");
}

TEST_CASE("an alarm of whoever has not registered is no signal, but it is not lost") {
    Stand stand;
    const auto answer = stand.send(camera, alarm_body(camera, 1, 5, 6));
    CHECK(is(answer, 401));
    REQUIRE(stand.intake.taken.size() == 1);
    CHECK(stand.intake.taken[0].code == "not-registered");
    // From elsewhere, though the camera is registered.
    stand.register_as(camera, "secret-34020000001320000001");
    stand.peer.address = "192.0.2.66";
    CHECK(is(stand.send(camera, alarm_body(camera, 2, 5, 6)), 401));
    CHECK(stand.registrar->counters().unproven == 2);
    // A flood of them does not fill the disk.
    for (int i = 0; i < 100; ++i) stand.send(camera, alarm_body(camera, 10 + i, 5, 6));
    CHECK(stand.intake.taken.size() <= 12);
    // With credentials of its own, it is taken from there too.
    const auto challenge = stand.send(camera, alarm_body(camera, 500, 5, 6));
    const auto shown = credentials(challenge, camera, "secret-34020000001320000001", "MESSAGE");
    const auto before = stand.registrar->counters().alarms;
    CHECK(is(stand.say(head("MESSAGE", camera, 900, shown + "Content-Type: Application/MANSCDP+xml\r\n",
                            alarm_body(camera, 500, 5, 6))),
             200));
    CHECK(stand.registrar->counters().alarms == before + 1);
}

TEST_CASE("three missed keep-alives: silent, once; then heard again") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001");
    for (int i = 0; i < 5; ++i) {
        stand.now += 60'000;
        stand.registrar->tick(stand.now);
        CHECK(is(stand.send(camera, keepalive_body(camera, i)), 200));
    }
    CHECK(stand.registrar->counters().keepalives == 5);
    CHECK(stand.registrar->counters().silent == 0);
    stand.now += 181'000;
    stand.registrar->tick(stand.now);
    stand.registrar->tick(stand.now + 250);
    CHECK(stand.registrar->counters().silent == 1);
    CHECK(stand.registrar->counters().lost == 1);
    CHECK(stand.intake.online().back() == "34020000001320000001 false");
    CHECK(is(stand.send(camera, keepalive_body(camera, 9)), 200));
    CHECK(stand.registrar->counters().silent == 0);
    CHECK(stand.intake.online().back() == "34020000001320000001 true");
}

TEST_CASE("a registration ends: by its time, by the device, by a revoked password") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001", 60);
    SUBCASE("by its time") {
        stand.now += 61'000;
        stand.registrar->tick(stand.now);
        CHECK(stand.intake.online().back() == "34020000001320000001 false");
    }
    SUBCASE("by the device") {
        CHECK(is(stand.register_as(camera, "secret-34020000001320000001", 0), 200));
        CHECK(stand.intake.online().back() == "34020000001320000001 false");
    }
    SUBCASE("by a revoked password") {
        stand.intake.revoked = "secret-34020000001320000001";
        CHECK(is(stand.send(camera, alarm_body(camera, 1, 5, 6)), 401));
        CHECK(stand.intake.alarms().size() == 1);  // in the quarantine
        CHECK(stand.intake.alarms()[0].code == "not-registered");
    }
    CHECK(stand.registrar->counters().registered == 0);
    CHECK(stand.book.rows.at("34020000001320000001/registration").empty());
}

TEST_CASE("a registration outlives a restart; one whose password was revoked meanwhile does not") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001");
    SUBCASE("it goes on") {
        stand.start();
        CHECK(stand.registrar->counters().registered == 1);
        CHECK(is(stand.send(camera, alarm_body(camera, 1, 5, 6)), 200));
    }
    SUBCASE("revoked") {
        stand.intake.revoked = "secret-34020000001320000001";
        stand.start();
        CHECK(stand.registrar->counters().registered == 0);
    }
}

TEST_CASE("too short an expiry is told the shortest") {
    Stand stand;
    const auto answer = stand.register_as(camera, "secret-34020000001320000001", 5);
    CHECK(is(answer, 423));
    CHECK(answer.find("Min-Expires: 60") != std::string::npos);
}

TEST_CASE("one code from two addresses is seen") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001");
    stand.peer.address = "192.0.2.77";
    stand.register_as(camera, "secret-34020000001320000001");
    CHECK(std::ranges::any_of(stand.lines, [](const auto& l) { return l.find("two devices") != std::string::npos; }));
}

TEST_CASE("a catalogue of 500 channels in many packets, in any order, some twice") {
    Stand stand;
    stand.register_as(recorder, "secret-34020000001180000001");
    const int serial = serial_of(stand.others, "Catalog");
    REQUIRE(serial > 0);
    for (int part = 249; part >= 0; --part) {
        CHECK(is(stand.send(recorder, catalogue_part(serial, 500, part * 2, 2)), 200));
        if (part == 100) stand.send(recorder, catalogue_part(serial, 500, part * 2, 2));
    }
    CHECK(stand.registrar->counters().catalogues == 1);
    CHECK(stand.registrar->counters().catalogues_incomplete == 0);
    CHECK(stand.lines.back().find("holds 500 channels, 500 of them not in the directory: 34020000001310000000 34") !=
          std::string::npos);
    CHECK(stand.lines.back().ends_with(" and more; 500 wait to be taken in"));
    CHECK(stand.intake.announced.size() == 500);
}

TEST_CASE("channels nobody has entered are announced with name, maker, model and parent; what is no device is not") {
    Stand stand;
    const auto catalogue = [&](const char* from, const char* items, int sum) {
        return stand.send(from,
                          fmt::format("<?xml version=\"1.0\" encoding=\"GB2312\"?><Response><CmdType>Catalog"
                                      "</CmdType><SN>{}</SN><DeviceID>{}</DeviceID><SumNum>{}</SumNum><DeviceList "
                                      "Num=\"{}\">{}</DeviceList></Response>",
                                      serial_of(stand.others, "Catalog"), from, sum, sum, items));
    };
    const auto item = [](const char* code, const char* more) {
        return fmt::format("<Item><DeviceID>{}</DeviceID>{}</Item>", code, more);
    };
    // The first is named 三楼楼道 in GB 18030. The second is an alarm input that is entered already; then a group, a
    // region, the recorder itself, and an alarm input nobody has entered.
    const auto items =
        item("34020000001320000011",
             "<Name>\xc8\xfd\xc2\xa5\xc2\xa5\xb5\xc0</Name><Manufacturer>M-1</Manufacturer><Model>T-2</Model>"
             "<ParentID>34020000002160000001</ParentID>") +
        item("34020000001340000002", "<Name>x</Name>") + item("34020000002160000001", "<Name>x</Name>") +
        item("340200", "<Name>x</Name>") + item(recorder, "<Name>x</Name>") + item("34020000001340000009", "");
    stand.register_as(recorder, "secret-34020000001180000001");
    CHECK(is(catalogue(recorder, items.c_str(), 6), 200));
    const std::vector<ports::Announced> expected{
        {"34020000001320000011", "resident_camera", "\xe4\xb8\x89\xe6\xa5\xbc\xe6\xa5\xbc\xe9\x81\x93", "M-1", "T-2",
         "34020000002160000001"},
        {"34020000001340000009", "", "", "", "", ""}};
    CHECK(stand.intake.announced == expected);
    // The log names no names.
    CHECK(std::ranges::none_of(stand.lines, [](const auto& l) { return l.find("\xe4\xb8\x89") != std::string::npos; }));

    // A camera on its own may speak for nobody: nothing waits, and the log says why.
    stand.intake.announced.clear();
    stand.register_as(camera, "secret-34020000001320000001");
    CHECK(is(catalogue(camera, item("34020000001320000012", "").c_str(), 1), 200));
    CHECK(stand.intake.announced.empty());
    CHECK(stand.lines.back().find("not entered as a gateway") != std::string::npos);
}

TEST_CASE("packets of a catalogue that are lost are noticed and asked for anew, three times") {
    Stand stand;
    stand.register_as(recorder, "secret-34020000001180000001");
    int serial = serial_of(stand.others, "Catalog");
    for (int i = 0; i < 40; ++i) stand.send(recorder, catalogue_part(serial, 50, i, 1));
    SUBCASE("the second time they come") {
        stand.now += 5'100;
        stand.registrar->tick(stand.now);
        stand.answer();
        const int second = serial_of(stand.others, "Catalog");
        CHECK(second > serial);
        for (int i = 40; i < 50; ++i) stand.send(recorder, catalogue_part(second, 50, i, 1));
        CHECK(stand.registrar->counters().catalogues == 1);
        CHECK(stand.registrar->counters().catalogues_incomplete == 0);
    }
    SUBCASE("they never come") {
        for (int i = 0; i < 4; ++i) {
            stand.now += 5'100;
            stand.registrar->tick(stand.now);
        }
        CHECK(stand.registrar->counters().catalogues == 1);
        CHECK(stand.registrar->counters().catalogues_incomplete == 1);
        CHECK(std::ranges::any_of(stand.lines,
                                  [](const auto& l) { return l.find("says that there are 50") != std::string::npos; }));
    }
}

TEST_CASE("what we ask is sent again until it is answered") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001");
    REQUIRE(stand.others.size() == 2);
    const auto catalogue = stand.others[0];
    const auto subscribe = stand.others[1];
    REQUIRE(subscribe.starts_with("SUBSCRIBE "));
    CHECK(subscribe.find("Event: presence\r\n") != std::string::npos);
    stand.now += 600;
    stand.registrar->tick(stand.now);
    stand.answer();
    CHECK(stand.others.size() == 2);
    stand.say(ok_for(catalogue));
    stand.say(ok_for(subscribe, "Expires: 100\r\n"));
    stand.now += 3'000;
    stand.registrar->tick(stand.now);
    stand.answer();
    CHECK(stand.others.empty());
    // The subscription is renewed in time, in its dialogue.
    stand.now += 78'000;
    stand.registrar->tick(stand.now);
    stand.answer();
    const auto renewed = std::ranges::find_if(stand.others, [](const auto& s) { return s.starts_with("SUBSCRIBE "); });
    REQUIRE(renewed != stand.others.end());
    CHECK(between(*renewed, "Call-ID: ", "\r\n") == between(subscribe, "Call-ID: ", "\r\n"));
    CHECK(between(*renewed, "To: ", "\r\n").ends_with(";tag=9"));
}

TEST_CASE("what is no XML, or no command, or holds entities, is kept with its reason and answered 400") {
    Stand stand;
    stand.register_as(camera, "secret-34020000001320000001");
    const auto code_of = [&](const std::string& body) {
        CHECK(is(stand.send(camera, body), 400));
        return stand.intake.alarms().back().code;
    };
    CHECK(code_of("no xml") == "bad-xml");
    CHECK(code_of("<Notify><CmdType>Alarm</Notify>") == "bad-xml");
    CHECK(code_of("<Notify><SN>1</SN></Notify>") == "missing-field");
    CHECK(code_of("<!DOCTYPE a [<!ENTITY x \"y\">]><Notify><CmdType>&x;</CmdType></Notify>") == "xml-doctype");
    std::string deep;
    for (int i = 0; i < 1'000; ++i) deep += "<a>";
    for (int i = 0; i < 1'000; ++i) deep += "</a>";
    CHECK(code_of(deep) == "bad-xml");
    CHECK(stand.intake.alarms().size() == 5);
}

TEST_CASE("garbage is counted, and nothing is answered") {
    Stand stand;
    CHECK(stand.say("\x01\x02\x03 not sip\r\n\r\n").empty());
    CHECK(stand.say("MESSAGE sip:x SIP/2.0\r\n\r\n").empty());
    CHECK(stand.say(std::string(9'000, 'a')).empty());
    CHECK(stand.registrar->counters().faults == 3);
    CHECK(stand.say("\r\n\r\n").empty());  // keeps a path open
    CHECK(stand.registrar->counters().faults == 3);
}
