// The check of answers against the contract is itself shown to find what is wrong.
#include <doctest/doctest.h>
#include <support/openapi_check.hpp>

using shoumen::testing::Findings;
using shoumen::testing::OpenApi;

namespace {

const OpenApi& small() {
    static const OpenApi api(boost::json::parse(R"({
      "paths": {
        "/a/{id}": {"get": {"operationId": "getA", "security": [], "responses": {
            "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "404": {"$ref": "#/components/responses/Gone"}}}},
        "/a": {"post": {"operationId": "postA", "responses": {"204": {"description": "done"}}}}},
      "components": {
        "responses": {"Gone": {"content": {"application/json": {"schema": {"type": "string"}}}}},
        "schemas": {
          "A": {"type": "object", "additionalProperties": false, "required": ["id", "at"], "properties": {
            "id": {"type": "string", "pattern": "^[0-9]+$"}, "at": {"type": "string", "format": "date-time"},
            "colour": {"enum": ["red", "blue"]}, "n": {"type": ["integer", "null"], "minimum": 1},
            "list": {"type": "array", "maxItems": 2, "items": {"type": "boolean"}},
            "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            "names": {"type": "object", "additionalProperties": {"type": "string"}}}}}}})"));
    return api;
}

Findings answer(const char* body) {
    return small().check_answer("GET", "/a/1?x=1", 200, "application/json; charset=utf-8", body);
}

// A sound A with one more field.
Findings with(const std::string& field) {
    return answer((R"({"id":"1","at":"2026-03-03T08:00:00+08:00",)" + field + "}").c_str());
}

}  // namespace

TEST_CASE("what fits has no findings") {
    CHECK(answer(R"({"id":"1","at":"2026-03-03T08:00:00.25Z"})").empty());
    CHECK(with(R"("colour":"red","n":null,"list":[true],"either":3,"names":{"zh":"x"})").empty());
    CHECK(small()
              .check_answer("HEAD", "/a/1", 200, "application/json", R"({"id":"1","at":"2026-03-03T08:00:00Z"})")
              .empty());
    CHECK(small().check_answer("GET", "/a/1", 404, "application/json", "\"x\"").empty());
    CHECK(small().check_answer("POST", "/a", 204, "", "").empty());
    CHECK(small().check_document().empty());
}

TEST_CASE("each thing that does not fit is found") {
    CHECK(answer("{").size() == 1);
    CHECK(answer("[]").size() == 1);
    CHECK(answer(R"({"id":"1"})").size() == 1);
    CHECK(answer(R"({"id":"x","at":"2026-03-03T08:00:00Z"})").size() == 1);
    CHECK(answer(R"({"id":"1","at":"2026-03-03 08:00"})").size() == 1);
    CHECK(answer(R"({"id":"1","at":"2026-13-03T08:00:00Z"})").size() == 1);
    CHECK(with(R"("colour":"green")").size() == 1);
    CHECK(with(R"("n":0)").size() == 1);
    CHECK(with(R"("n":1.5)").size() == 1);
    CHECK(with(R"("list":[true,true,true])").size() == 1);
    CHECK(with(R"("list":[1])").size() == 1);
    CHECK_FALSE(with(R"("either":true)").empty());
    CHECK(with(R"("names":{"zh":1})").size() == 1);
    CHECK(with(R"("more":1)").size() == 1);
}

TEST_CASE("an answer that is not described is found") {
    CHECK(small().check_answer("GET", "/a/1", 500, "application/json", "{}").size() == 1);
    CHECK(small().check_answer("GET", "/b", 200, "application/json", "{}").size() == 1);
    CHECK(small().check_answer("GET", "/a/1/2", 200, "application/json", "{}").size() == 1);
    CHECK(small().check_answer("GET", "/a/1", 200, "text/plain", "x").size() == 1);
    CHECK(small().check_answer("POST", "/a", 204, "application/json", "{}").size() == 1);
}

TEST_CASE("a contract with a lost reference or an unchecked keyword is found") {
    const OpenApi bad(boost::json::parse(R"({"paths": {}, "components": {"schemas": {
        "A": {"$ref": "#/components/schemas/B"}, "C": {"type": "string", "maxLength": 3}}}})"));
    CHECK(bad.check_document().size() == 2);
}

TEST_CASE("the contract of the program is sound") {
    const auto api = OpenApi::read(SHOUMEN_SOURCE_DIR "/api/openapi.json");
    for (const auto& finding : api.check_document()) FAIL_CHECK(finding);
    CHECK(api.operations().size() > 20);
}
