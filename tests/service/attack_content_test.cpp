// Content made to hurt: a few bytes that stand for gigabytes or for hours, and pictures that are something else.
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <zlib.h>

#include "stage.hpp"
#include "wire.hpp"

using namespace shoumen::service;
using namespace std::chrono_literals;

namespace {

std::string be16(unsigned v) { return {static_cast<char>(v >> 8U), static_cast<char>(v & 0xffU)}; }
std::string be32(unsigned long v) {
    return be16(static_cast<unsigned>(v >> 16U)) + be16(static_cast<unsigned>(v & 0xffffU));
}
std::string le24(unsigned v) {
    return {static_cast<char>(v & 0xffU), static_cast<char>((v >> 8U) & 0xffU), static_cast<char>((v >> 16U) & 0xffU)};
}
std::string le32(unsigned v) { return le24(v) + static_cast<char>(v >> 24U); }

std::string png_part(const std::string& what) {
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(what.data()), static_cast<uInt>(what.size()));
    return be32(what.size() - 4) + what + be32(sum);
}

std::string packed(const std::string& bytes) {
    uLongf size = compressBound(bytes.size());
    std::string out(size, '\0');
    compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    out.resize(size);
    return out;
}

// Grey, `side` by `side`; the dots of the first `rows` rows are there.
std::string png(unsigned side, unsigned rows) {
    const std::string dots(std::size_t{rows} * (side + 1), '\0');
    return "\x89PNG\r\n\x1a\n" + png_part("IHDR" + be32(side) + be32(side) + std::string("\x08\0\0\0\0", 5)) +
           png_part("IDAT" + packed(dots)) + png_part("IEND");
}

std::string jpeg_that_claims(unsigned side) {
    std::string out = photo("claims");
    const auto at = out.find(std::string("\xff\xc0\x00\x0b\x08", 5));
    REQUIRE(at != std::string::npos);
    return out.replace(at + 5, 4, be16(side) + be16(side));
}

std::string webp(const std::string& part) {
    return "RIFF" + le32(static_cast<unsigned>(part.size() + 4)) + "WEBP" + part;
}
std::string webp_that_claims(unsigned side) {
    return webp("VP8X" + le32(10) + std::string(4, '\0') + le24(side - 1) + le24(side - 1));
}
std::string lossless_webp_that_claims(unsigned side) {
    const unsigned size = (side - 1) | ((side - 1) << 14U);
    return webp("VP8L" + le32(6) + "\x2f" + le32(size) + std::string(1, '\0'));
}

// A JPEG of 8,000 x 8,000 grey dots that says the same of them again and again: each scan a few bytes, each a walk
// through a million blocks.
std::string jpeg_of_many_scans(int scans) {
    std::string out = "\xff\xd8";
    out += std::string("\xff\xdb\x00\x43\x00", 5) + std::string(64, '\x10');
    out += std::string("\xff\xc2\x00\x0b\x08", 5) + be16(8'000) + be16(8'000) + std::string("\x01\x01\x11\x00", 4);
    out += std::string("\xff\xc4\x00\x14\x00\x01", 6) + std::string(15, '\0') + std::string(1, '\0');
    out += std::string("\xff\xc4\x00\x14\x10\x01", 6) + std::string(15, '\0') + "\xe0";
    out += std::string("\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00", 10) + std::string(125'000, '\0');
    std::string bits;  // 31 times: 32,767 blocks without anything
    for (int i = 0; i < 31; ++i) bits += "0" + std::string(14, '1');
    while (bits.size() % 8 != 0) bits += '1';
    std::string scan("\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00", 10);
    for (std::size_t i = 0; i < bits.size(); i += 8) {
        const char byte = static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
        scan += byte;
        if (byte == '\xff') scan += '\0';
    }
    for (int i = 0; i < scans; ++i) out += scan;
    return out + "\xff\xd9";
}

struct Scene {
    Scene() {
        REQUIRE(stage.signal(R"({"id":"c1","device":"d-1","kind":"smoke","values":{"smoke":true}})").status == 202);
        REQUIRE(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
        incident = "/api/v1/incidents/" + std::string(stage.live_incidents()[0].at("id").as_string());
        const auto in =
            stage.ask("", "POST", "/api/v1/session", {{"account", "duty"}, {"password", stage.passwords().at("duty")}});
        REQUIRE(in.status == 200);
        bearer =
            fmt::format("Authorization: Bearer {}\r\n", std::string_view(json::parse(in.body).at("token").as_string()));
    }
    Heard send(const std::string& bytes, const std::string& type = "image/jpeg") {
        return say(stage.server().http_port(), "POST", incident + "/evidence?phase=before",
                   bearer + fmt::format("Content-Type: {}\r\n", type), bytes);
    }
    std::string refusal(const std::string& bytes, const std::string& type = "image/jpeg") {
        const auto got = send(bytes, type);
        CHECK(got.status >= 400);
        CHECK(got.status < 500);
        return code_of({got.status, got.body});
    }
    Stage stage;
    std::string incident, bearer;
};

double seconds_of(const auto& what) {
    const auto begin = std::chrono::steady_clock::now();
    what();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("pictures of few bytes that claim billions of dots are refused, and cost neither memory nor time") {
    Scene scene;
    const double before = scene.stage.server().rss_mb();
    const double took = seconds_of([&] {
        CHECK(scene.refusal(png(60'000, 1), "image/png") == "broken-picture");
        CHECK(scene.refusal(png(8'000, 1), "image/png") == "broken-picture");  // fits, but is not there
        CHECK(scene.refusal(jpeg_that_claims(60'000)) == "broken-picture");
        CHECK(scene.refusal(jpeg_that_claims(8'000)) == "broken-picture");
        CHECK(scene.refusal(webp_that_claims(60'000), "image/webp") == "broken-picture");
        CHECK(scene.refusal(lossless_webp_that_claims(16'384), "image/webp") == "broken-picture");
        CHECK(scene.refusal(lossless_webp_that_claims(8'000), "image/webp") == "broken-picture");
    });
    MESSAGE(took, " s, ", scene.stage.server().rss_mb() - before, " MB");
    CHECK(took < 10);
    CHECK(scene.stage.server().rss_mb() - before < 600);  // the sanitizer build counts too
    CHECK(scene.send(png(1'000, 1'000), "image/png").status == 200);
}

TEST_CASE("a JPEG that goes through its million blocks thousands of times ends soon, and nobody waits for it") {
    Scene scene;
    const std::string slow = jpeg_of_many_scans(20'000);
    CHECK(slow.size() < (2U << 20U));
    CHECK(scene.send(jpeg_of_many_scans(5)).status == 200);
    const double took = seconds_of([&] { CHECK(scene.refusal(slow) == "broken-picture"); });
    MESSAGE(took, " s for ", slow.size(), " bytes");
    CHECK(took < 3);
    // Whoever signs in waits in the same line.
    CHECK(seconds_of([&] {
              const json::object who{{"account", "responder"}, {"password", scene.stage.passwords().at("responder")}};
              CHECK(scene.stage.ask("", "POST", "/api/v1/session", who).status == 200);
          }) < 3);
}

TEST_CASE("what is packed is not unpacked: bodies, and what looks like an archive") {
    Scene scene;
    const auto port = scene.stage.server().http_port();
    const std::string bomb = packed(std::string(20U << 20U, ' '));
    REQUIRE(bomb.size() < 30'000);
    for (const char* encoding : {"gzip", "deflate", "br", "zstd", "compress", "gzip, identity", "x-gzip"}) {
        CAPTURE(encoding);
        const std::string headers =
            fmt::format("{}Content-Encoding: {}\r\nContent-Type: application/json\r\n", scene.bearer, encoding);
        const auto got = say(port, "POST", "/api/v1/incidents", headers, bomb);
        CHECK(got.status == 415);
        CHECK(got.body.find("Content-Encoding") != std::string::npos);
    }
    CHECK(scene.refusal("PK\x03\x04" + bomb) == "unsupported-media");
    CHECK(scene.refusal("PK\x03\x04" + bomb, "application/zip") == "unsupported-media");
    // A PNG with megabytes in a text that nobody asked for.
    std::string text = png(8, 8);
    text.insert(33, png_part("zTXt" + std::string("Comment\0\0", 9) + packed(std::string(400U << 20U, 'x'))));
    const double before = scene.stage.server().rss_mb();
    CHECK(scene.send(text, "image/png").status < 500);
    CHECK(scene.stage.server().rss_mb() - before < 300);  // the sanitizer build counts too
}

TEST_CASE("deep JSON, and YAML of which a few lines stand for gigabytes, are findings, not outages") {
    Scene scene;
    Stage& stage = scene.stage;
    own_password(stage);
    const auto port = stage.server().http_port();
    const double before = stage.server().rss_mb();
    std::string deep(200'000, '[');
    for (const std::string& body : {deep, std::string("{\"kind\":") + deep, std::string(100'000, '{'),
                                    std::string("{\"a\":") + deep + std::string(200'000, ']') + "}"}) {
        const auto got =
            say(port, "POST", "/api/v1/incidents", scene.bearer + "Content-Type: application/json\r\n", body);
        CHECK(got.status == 400);
    }
    CHECK(stage.signal(deep).status == 400);
    CHECK(stage.publish("shoumen/v1/d-1/signal", std::string(50'000, '[')) == 0);  // taken, into the quarantine
    const auto findings = [&](const std::string& yaml) {
        const double took = seconds_of([&] {
            const auto got =
                stage.ask("admin", "POST", "/api/v1/policy/check", {{"files", {{"community.yaml", yaml}}}});
            CHECK(got.status == 200);
            CHECK(got.body.find("\"findings\":[{") != std::string::npos);
        });
        CHECK(took < 5);
    };
    std::string laughs = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c <= 'z'; ++c) {
        laughs += fmt::format("{0}: &{0} [*{1}", c, static_cast<char>(c - 1));
        for (int i = 0; i < 9; ++i) laughs += fmt::format(",*{}", static_cast<char>(c - 1));
        laughs += "]\n";
    }
    findings(laughs);
    findings("a: &a\n  b: *a\n");
    findings(std::string(100'000, '['));
    findings(std::string(100'000, '{'));
    std::string stairs;
    for (int i = 0; i < 500; ++i) stairs += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    findings(stairs);
    findings("a: !!python/object/apply:os.system [\"touch /tmp/shoumen-was-here\"]\n");
    findings("? " + std::string(200'000, '?'));
    findings("<<: [1, 2, 3]\n" + std::string(200'000, '-'));
    CHECK(stage.server().rss_mb() - before < 600);
    CHECK(stage.live_incidents().size() == 1);
}

TEST_CASE("pictures that lie about their type are refused, and what hides in a real one stays a picture") {
    Scene scene;
    const std::string html = "<!doctype html><script>fetch('/api/v1/incidents')</script>";
    for (const std::string& lie :
         {html, std::string("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
          std::string("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><svg>&e;</svg>"),
          std::string("alert(document.cookie)//" + std::string(100, ' ')),
          std::string("%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>"),
          std::string("GIF89a/*" + std::string(40, ' ') + "*/=alert(1)"), std::string("BM" + std::string(60, '\0')),
          std::string("MZ" + std::string(60, '\0')), std::string("#!/bin/sh\nid\n"), std::string("\0\0\1\0", 4),
          std::string("\0\0\0\x1c"
                      "ftypheic",
                      12),
          std::string("II*\0", 4) + std::string(60, '\0')}) {
        for (const char* type : {"image/jpeg", "image/png", "image/webp"}) {
            CAPTURE(lie.substr(0, 20));
            CHECK(scene.refusal(lie, type) == "unsupported-media");
        }
    }
    for (const char* type : {"text/html", "image/svg+xml", "image/gif", "application/pdf", "application/octet-stream",
                             "multipart/form-data; boundary=x", "image/jpeg, text/html", "image/jpeg\ttext/html", ""}) {
        CAPTURE(type);
        CHECK(scene.refusal(photo("typed"), type) == "unsupported-media");
    }
    CHECK(scene.refusal(photo("one kind as another"), "image/png") == "unsupported-media");
    CHECK(scene.refusal(png(8, 8), "image/jpeg") == "unsupported-media");
    CHECK(scene.refusal("\xff\xd8\xff\xe0" + html) == "broken-picture");
    CHECK(scene.refusal("\x89PNG\r\n\x1a\n" + html, "image/png") == "broken-picture");
    CHECK(scene.refusal(webp(html), "image/webp") == "broken-picture");

    // A real picture with a page in its comment and an archive behind its end: it may come, and comes back as a
    // picture.
    const std::string both = photo(html) + html + "PK\x05\x06" + std::string(18, '\0');
    const auto kept = scene.send(both);
    REQUIRE_MESSAGE(kept.status == 200, kept.body);
    const auto at = kept.body.find("/api/v1/evidence/");
    REQUIRE(at != std::string::npos);
    const std::string address = kept.body.substr(at, 17 + 64);
    const auto got = say(scene.stage.server().http_port(), "GET", address, scene.bearer + "Accept: text/html\r\n");
    CHECK(got.status == 200);
    CHECK(got.header("content-type") == "image/jpeg");
    CHECK(got.header("x-content-type-options") == "nosniff");
    CHECK(got.header("content-disposition").starts_with("attachment; filename=\""));
    CHECK(got.header("content-disposition").ends_with(".jpg\""));
    CHECK(got.header("content-security-policy").starts_with("default-src 'none'"));
    CHECK(got.header("content-security-policy").ends_with("sandbox"));
    CHECK(got.header("cross-origin-resource-policy") == "same-origin");
    CHECK(say(scene.stage.server().http_port(), "GET", address).status == 401);
}
