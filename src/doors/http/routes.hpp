// The table of routes as data: which method and path, who may come in, what body is taken, and which handler answers.
// The table stands in routes.cpp, and nothing of /api is reached around it.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ports/desk.hpp"
#include "ports/intake.hpp"

#include "message.hpp"
#include "reply.hpp"

namespace shoumen::doors::http {

class Door;

enum class Need {
    open,            // anybody
    device,          // the token of a device
    device_in_path,  // the same, as the first part of the path that is left open: cameras cannot send headers of ours
    session,         // signed in, even with a one-time password that is still to be changed
    enrolling,       // signed in, even without the second factor that a role asks for
    signed_in,       // signed in
    metrics,         // the same, or the token that may read figures and nothing else
};

// What the gate is asked before a route is taken; a call about one thing is asked again for that thing. Without an item
// the route shows what the gate lets through, one by one, or what belongs to whoever is signed in.
struct Passes {
    std::optional<model::Item> item;
    model::Sight least = model::Sight::clear;
};

enum class Media { none, json, json_or_unsaid, optional_json, picture, note, table, large_table, pushed };

constexpr std::size_t json_limit = 1U << 20U;
constexpr std::size_t picture_limit = 20U << 20U;
constexpr std::size_t table_limit = 4U << 20U;
constexpr std::size_t large_table_limit = 32U << 20U;
constexpr std::size_t pushed_limit = 8U << 20U;  // an event with its pictures
constexpr std::size_t note_limit = 64U << 10U;
constexpr std::size_t ignored_limit = 4'096;  // a body where none is wanted is read and passed over

// Everything a handler is given of one request.
struct Route;
struct Call {
    const Route* route = nullptr;
    Request request;
    std::vector<std::string> params;        // what stood in the places of {…} in the path
    std::optional<ports::Session> session;  // set where Need is session, signed_in
    std::optional<ports::Speaker> speaker;  // set where Need is device
    std::string token;                      // that the session was found by
    Reply reply{{}};
};
using Handler = void (*)(Door& door, const std::shared_ptr<Call>& call);

struct Route {
    std::string_view method;
    std::string_view pattern;  // "/api/v1/incidents/{id}"
    Need need;
    Passes passes;
    Media media;
    Handler handler;
};

std::span<const Route> routes();

[[nodiscard]] std::size_t body_limit(Media media);
// Whether a body of this type is taken; `type` as media_type_of() gives it.
[[nodiscard]] bool takes(Media media, std::string_view type);

struct Match {
    const Route* route = nullptr;
    std::vector<std::string> params;
    std::string allow;  // where the path is known and the method is not: the methods there are
};
Match match(std::string_view method, const Target& target);

}  // namespace shoumen::doors::http
