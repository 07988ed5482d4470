// Holds real answers against api/openapi.json: the routes' tests and the service's tests use the same check.
//
// Understands the part of JSON Schema that the contract uses: $ref, type (one or a list), enum, properties, required,
// additionalProperties, items, minItems, maxItems, minimum, maximum, pattern, oneOf, format date-time. A keyword it
// does not know is a finding too, so that nothing in the contract goes unchecked by oversight. Findings are lines of
// text; none: it conforms.
#pragma once
#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace shoumen::testing {

namespace json = boost::json;
using Findings = std::vector<std::string>;

class OpenApi {
public:
    struct Operation {
        std::string method;  // "GET"
        std::string path;    // "/api/v1/incidents/{id}"
        bool open = false;   // its security is an empty list: anybody may call it
        std::string id;
    };

    explicit OpenApi(json::value document) : document_(std::move(document)) {}
    static OpenApi read(const std::string& path) {
        std::ifstream in(path, std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(in)), {});
        if (text.empty()) throw std::runtime_error(path + " cannot be read");
        return OpenApi(json::parse(text));
    }

    [[nodiscard]] std::vector<Operation> operations() const {
        std::vector<Operation> out;
        for (const auto& [path, methods] : document_.at("paths").as_object()) {
            for (const auto& [method, operation] : methods.as_object()) {
                const json::value* security = operation.as_object().if_contains("security");
                out.push_back({upper(method), std::string(path), security && security->as_array().empty(),
                               std::string(operation.at("operationId").as_string())});
            }
        }
        return out;
    }

    // An answer to this request: its status must be described, its type too, and its body fit the schema.
    [[nodiscard]] Findings check_answer(std::string_view method, std::string_view target, unsigned status,
                                        std::string_view content_type, std::string_view body) const {
        const auto where = fmt::format("{} {} -> {}", method, target, status);
        const json::value* operation = find_operation(method, target.substr(0, target.find('?')));
        if (!operation) return {where + ": no such operation in the contract"};
        const json::value* answer = operation->at("responses").as_object().if_contains(std::to_string(status));
        if (!answer) return {where + ": this status is not in the contract"};
        const json::object& described = resolve(*answer).as_object();
        const json::value* content = described.if_contains("content");
        if (!content) return body.empty() ? Findings{} : Findings{where + ": a body where none is in the contract"};
        const auto type = std::string(content_type.substr(0, content_type.find(';')));
        const json::value* media = content->as_object().if_contains(type);
        if (!media) return {fmt::format("{}: type '{}' is not in the contract", where, type)};
        if (type != "application/json") return {};
        return check_text(media->at("schema"), body, where);
    }

    // JSON text against a schema by name ("LiveMessage").
    [[nodiscard]] Findings check_named(std::string_view name, std::string_view text) const {
        return check_text(document_.at("components").at("schemas").at(name), text, std::string(name));
    }

    // The contract itself: every reference leads somewhere, every keyword is one that is checked here.
    [[nodiscard]] Findings check_document() const {
        Findings out;
        walk_references(document_, "#", out);
        for (const auto& [name, schema] : document_.at("components").at("schemas").as_object())
            walk_schema(schema, std::string(name), out);
        return out;
    }

private:
    static std::string upper(std::string_view text) {
        std::string out(text);
        std::ranges::transform(out, out.begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        return out;
    }

    static bool path_fits(std::string_view pattern, std::string_view path) {
        while (!pattern.empty() && !path.empty()) {
            const auto p = pattern.find('/', 1);
            const auto q = path.find('/', 1);
            const auto wanted = pattern.substr(0, p);
            if (!wanted.starts_with("/{") && wanted != path.substr(0, q)) return false;
            pattern = p == std::string_view::npos ? std::string_view() : pattern.substr(p);
            path = q == std::string_view::npos ? std::string_view() : path.substr(q);
        }
        return pattern.empty() && path.empty();
    }

    [[nodiscard]] const json::value* find_operation(std::string_view method, std::string_view path) const {
        for (const auto& [pattern, methods] : document_.at("paths").as_object()) {
            if (!path_fits(pattern, path)) continue;
            for (const auto& [name, operation] : methods.as_object()) {
                if (upper(name) == method || (method == "HEAD" && name == "get")) return &operation;
            }
        }
        return nullptr;
    }

    [[nodiscard]] const json::value* follow(std::string_view reference) const {
        if (!reference.starts_with("#/")) return nullptr;
        boost::system::error_code ec;
        const json::value* found = document_.find_pointer(reference.substr(1), ec);
        return ec ? nullptr : found;
    }

    [[nodiscard]] const json::value& resolve(const json::value& value) const {
        const json::value* reference = value.is_object() ? value.as_object().if_contains("$ref") : nullptr;
        if (!reference) return value;
        const json::value* found = follow(reference->as_string());
        if (!found) throw std::runtime_error("a reference leads nowhere: " + std::string(reference->as_string()));
        return resolve(*found);
    }

    [[nodiscard]] Findings check_text(const json::value& schema, std::string_view text,
                                      const std::string& where) const {
        boost::system::error_code ec;
        const json::value value = json::parse(text, ec);
        if (ec) return {where + ": the body is not JSON"};
        Findings out;
        check(schema, value, where, out);
        return out;
    }

    static bool is_type(std::string_view type, const json::value& v) {
        if (type == "object") return v.is_object();
        if (type == "array") return v.is_array();
        if (type == "string") return v.is_string();
        if (type == "boolean") return v.is_bool();
        if (type == "null") return v.is_null();
        if (type == "integer") return v.is_int64() || v.is_uint64();
        return type == "number" && v.is_number();
    }

    static bool type_fits(const json::value& type, const json::value& v) {
        if (type.is_string()) return is_type(type.as_string(), v);
        return std::ranges::any_of(type.as_array(), [&v](const json::value& t) { return is_type(t.as_string(), v); });
    }

    void check(const json::value& unresolved, const json::value& v, const std::string& where, Findings& out) const {
        const json::object& schema = resolve(unresolved).as_object();
        if (const auto* type = schema.if_contains("type"); type && !type_fits(*type, v))
            return out.push_back(fmt::format("{}: is not of type {}", where, json::serialize(*type)));
        if (const auto* words = schema.if_contains("enum")) {
            if (std::ranges::find(words->as_array(), v) == words->as_array().end())
                out.push_back(fmt::format("{}: {} is none of {}", where, json::serialize(v), json::serialize(*words)));
        }
        if (const auto* options = schema.if_contains("oneOf")) check_one_of(options->as_array(), v, where, out);
        if (v.is_object()) check_object(schema, v.as_object(), where, out);
        if (v.is_array()) check_array(schema, v.as_array(), where, out);
        if (v.is_string()) check_string(schema, std::string(v.as_string()), where, out);
        if (v.is_number()) check_number(schema, v, where, out);
    }

    void check_one_of(const json::array& options, const json::value& v, const std::string& where, Findings& out) const {
        Findings all;
        std::size_t fitting = 0;
        for (const auto& option : options) {
            Findings found;
            check(option, v, where, found);
            if (found.empty()) ++fitting;
            all.insert(all.end(), found.begin(), found.end());
        }
        if (fitting == 1) return;
        out.push_back(fmt::format("{}: {} of the {} forms fit; one must", where, fitting, options.size()));
        if (fitting == 0) out.insert(out.end(), all.begin(), all.end());
    }

    void check_object(const json::object& schema, const json::object& v, const std::string& where,
                      Findings& out) const {
        if (const auto* required = schema.if_contains("required")) {
            for (const auto& name : required->as_array()) {
                if (!v.contains(name.as_string()))
                    out.push_back(fmt::format("{}: lacks {}", where, json::serialize(name)));
            }
        }
        const json::value* properties = schema.if_contains("properties");
        const json::value* more = schema.if_contains("additionalProperties");
        for (const auto& [name, value] : v) {
            const auto place = where + "." + std::string(name);
            const json::value* property = properties ? properties->as_object().if_contains(name) : nullptr;
            if (property)
                check(*property, value, place, out);
            else if (more && more->is_object())
                check(*more, value, place, out);
            else if (more && !more->as_bool())
                out.push_back(place + ": is not in the contract");
        }
    }

    void check_array(const json::object& schema, const json::array& v, const std::string& where, Findings& out) const {
        const auto* least = schema.if_contains("minItems");
        const auto* most = schema.if_contains("maxItems");
        if ((least && v.size() < least->to_number<std::size_t>()) ||
            (most && v.size() > most->to_number<std::size_t>()))
            out.push_back(where + ": has the wrong number of items");
        const auto* items = schema.if_contains("items");
        for (std::size_t i = 0; items && i < v.size(); ++i) check(*items, v[i], fmt::format("{}[{}]", where, i), out);
    }

    static void check_string(const json::object& schema, const std::string& v, const std::string& where,
                             Findings& out) {
        static const std::regex moment(
            R"(^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$)");
        const auto* format = schema.if_contains("format");
        if (format && format->as_string() == "date-time" && !std::regex_match(v, moment))
            out.push_back(fmt::format("{}: '{}' is no time of RFC 3339", where, v));
        const auto* pattern = schema.if_contains("pattern");
        if (pattern && !std::regex_search(v, std::regex(std::string(pattern->as_string()))))
            out.push_back(fmt::format("{}: does not match {}", where, json::serialize(*pattern)));
    }

    static void check_number(const json::object& schema, const json::value& v, const std::string& where,
                             Findings& out) {
        const auto number = v.to_number<double>();
        const auto* least = schema.if_contains("minimum");
        const auto* most = schema.if_contains("maximum");
        if ((least && number < least->to_number<double>()) || (most && number > most->to_number<double>()))
            out.push_back(where + ": is out of range");
    }

    void walk_references(const json::value& v, const std::string& where, Findings& out) const {
        if (v.is_array()) {
            for (const auto& item : v.as_array()) walk_references(item, where, out);
        }
        if (!v.is_object()) return;
        for (const auto& [name, value] : v.as_object()) {
            if (name == "$ref" && value.is_string() && !follow(value.as_string()))
                out.push_back(fmt::format("{}: {} leads nowhere", where, json::serialize(value)));
            walk_references(value, where + "/" + std::string(name), out);
        }
    }

    static void walk_schema(const json::value& schema, const std::string& where, Findings& out) {
        static constexpr std::string_view known[] = {
            "$ref",        "type",    "enum",    "properties", "required", "items",  "minItems",
            "maxItems",    "minimum", "maximum", "pattern",    "oneOf",    "format", "additionalProperties",
            "description", "default"};
        if (!schema.is_object()) return;
        for (const auto& [name, value] : schema.as_object()) {
            if (std::ranges::find(known, std::string_view(name)) == std::end(known))
                out.push_back(
                    fmt::format("{}: the keyword '{}' is not checked by anything", where, std::string_view(name)));
            if (name == "properties") {
                for (const auto& [property, inner] : value.as_object())
                    walk_schema(inner, where + "." + std::string(property), out);
            }
            if (name == "items" || name == "additionalProperties")
                walk_schema(value, where + "." + std::string(name), out);
            if (name != "oneOf") continue;
            for (const auto& option : value.as_array()) walk_schema(option, where, out);
        }
    }

    json::value document_;
};

}  // namespace shoumen::testing
