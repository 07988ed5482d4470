#include "routes.hpp"

#include <algorithm>
#include <array>

#include "handlers.hpp"

namespace shoumen::doors::http {

namespace {

using model::Item;

constexpr Passes each{};
constexpr Passes sees(Item item) { return {item, model::Sight::clear}; }
constexpr Passes knows(Item item) { return {item, model::Sight::masked}; }
constexpr Passes changes(Item item) { return {item, model::Sight::change}; }

// clang-format off
constexpr auto table = std::to_array<Route>({
    {"GET",    "/api/v1/health",                        Need::open,      each,                     Media::none,            get_health},
    {"GET",    "/api/v1/openapi.json",                  Need::open,      each,                     Media::none,            get_openapi},
    {"GET",    "/api/v1/errors.json",                   Need::open,      each,                     Media::none,            get_errors},
    {"GET",    "/api/v1/health/live",                   Need::open,      each,                     Media::none,            get_live},
    {"GET",    "/api/v1/health/ready",                  Need::open,      each,                     Media::none,            get_health},
    {"GET",    "/api/v1/metrics",                       Need::metrics,   sees(Item::figures),      Media::none,            get_metrics},
    {"POST",   "/api/v1/session",                       Need::open,      each,                     Media::json,            sign_in},
    {"GET",    "/api/v1/session",                       Need::session,   each,                     Media::none,            get_session},
    {"DELETE", "/api/v1/session",                       Need::session,   each,                     Media::none,            sign_out},
    {"PUT",    "/api/v1/session/password",              Need::session,   each,                     Media::json,            change_password},
    {"POST",   "/api/v1/session/second-step",           Need::open,      each,                     Media::json,            second_step},
    {"GET",    "/api/v1/session/ways",                  Need::open,      each,                     Media::none,            get_ways_in},
    {"POST",   "/api/v1/session/code",                  Need::open,      each,                     Media::json,            send_code},
    {"POST",   "/api/v1/session/phone",                 Need::open,      each,                     Media::json,            sign_in_by_code},
    {"POST",   "/api/v1/session/sign-on",               Need::open,      each,                     Media::none,            begin_sign_on},
    {"PUT",    "/api/v1/session/sign-on",               Need::open,      each,                     Media::json,            finish_sign_on},
    {"GET",    "/api/v1/second-factor",                 Need::enrolling, each,                     Media::none,            get_second_factor},
    {"POST",   "/api/v1/second-factor",                 Need::enrolling, each,                     Media::json,            begin_second_factor},
    {"PUT",    "/api/v1/second-factor",                 Need::enrolling, each,                     Media::json,            confirm_second_factor},
    {"POST",   "/api/v1/second-factor/removal",         Need::enrolling, each,                     Media::json,            remove_second_factor},
    {"GET",    "/api/v1/incidents",                     Need::signed_in, each,                     Media::none,            list_incidents},
    {"POST",   "/api/v1/incidents",                     Need::signed_in, each,                     Media::json,            report_incident},
    {"GET",    "/api/v1/incidents/{id}",                Need::signed_in, each,                     Media::none,            get_incident},
    {"POST",   "/api/v1/incidents/{id}/actions/{action}", Need::signed_in, each,                     Media::optional_json,   act_on_incident},
    {"POST",   "/api/v1/incidents/{id}/show",           Need::signed_in, each,                     Media::json,            show_incident},
    {"POST",   "/api/v1/incidents/{id}/evidence",       Need::signed_in, each,                     Media::picture,         add_evidence},
    {"GET",    "/api/v1/evidence/{sha256}",             Need::signed_in, each,                     Media::none,            get_evidence},
    {"GET",    "/api/v1/quarantine",                    Need::signed_in, sees(Item::quarantine),   Media::none,            list_quarantine},
    {"GET",    "/api/v1/devices",                       Need::signed_in, sees(Item::devices),      Media::none,            list_devices},
    {"GET",    "/api/v1/coverage",                      Need::signed_in, sees(Item::devices),      Media::none,            get_coverage},
    {"GET",    "/api/v1/precision",                     Need::signed_in, sees(Item::devices),      Media::none,            list_precision},
    {"POST",   "/api/v1/devices/{code}/token",          Need::signed_in, changes(Item::tokens),    Media::none,            issue_device_token},
    {"POST",   "/api/v1/devices/{code}/token/rotate",   Need::signed_in, changes(Item::tokens),    Media::json,            rotate_device_token},
    {"DELETE", "/api/v1/devices/{code}/token",          Need::signed_in, changes(Item::tokens),    Media::none,            revoke_device_tokens},
    {"POST",   "/api/v1/devices/{code}/certificate",    Need::signed_in, changes(Item::tokens),    Media::json,            certify_device},
    {"POST",   "/api/v1/devices/{code}/commands",       Need::signed_in, changes(Item::commands),  Media::json,            command_device},
    {"GET",    "/api/v1/upkeep/devices",                Need::signed_in, sees(Item::devices),      Media::none,            list_kept_devices},
    {"POST",   "/api/v1/upkeep/devices/import",         Need::signed_in, changes(Item::devices),   Media::large_table,     import_devices},
    {"GET",    "/api/v1/upkeep/devices/{code}",         Need::signed_in, sees(Item::devices),      Media::none,            get_kept_device},
    {"PUT",    "/api/v1/upkeep/devices/{code}",         Need::signed_in, changes(Item::devices),   Media::json,            put_kept_device},
    {"POST",   "/api/v1/upkeep/devices/{code}/move",    Need::signed_in, changes(Item::devices),   Media::json,            move_device},
    {"GET",    "/api/v1/upkeep/tray",                   Need::signed_in, changes(Item::devices),   Media::none,            list_tray},
    {"POST",   "/api/v1/upkeep/tray/{code}",            Need::signed_in, changes(Item::devices),   Media::json,            take_in_device},
    {"DELETE", "/api/v1/upkeep/tray/{code}",            Need::signed_in, changes(Item::devices),   Media::none,            leave_device},
    {"GET",    "/api/v1/upkeep/work",                   Need::signed_in, sees(Item::devices),      Media::none,            list_work},
    {"POST",   "/api/v1/upkeep/work/{id}",              Need::signed_in, changes(Item::devices),   Media::json,            work_on},
    {"GET",    "/api/v1/upkeep/rounds",                 Need::signed_in, sees(Item::devices),      Media::none,            list_rounds},
    {"POST",   "/api/v1/upkeep/rounds",                 Need::signed_in, changes(Item::devices),   Media::json,            plan_round},
    {"GET",    "/api/v1/upkeep/rounds/{id}",            Need::signed_in, sees(Item::devices),      Media::none,            get_round},
    {"POST",   "/api/v1/upkeep/rounds/{id}/ticks",      Need::signed_in, changes(Item::devices),   Media::json,            tick_device},
    {"POST",   "/api/v1/upkeep/rounds/{id}/end",        Need::signed_in, changes(Item::devices),   Media::none,            end_round},
    {"GET",    "/api/v1/upkeep/quiet",                  Need::signed_in, sees(Item::devices),      Media::none,            list_quiet},
    {"POST",   "/api/v1/upkeep/quiet",                  Need::signed_in, changes(Item::devices),   Media::json,            begin_quiet},
    {"DELETE", "/api/v1/upkeep/quiet/{id}",             Need::signed_in, changes(Item::devices),   Media::none,            end_quiet},
    {"GET",    "/api/v1/upkeep/figures",                Need::signed_in, sees(Item::devices),      Media::none,            get_upkeep_figures},
    {"GET",    "/api/v1/acts",                          Need::signed_in, each,                     Media::none,            list_acts},
    {"GET",    "/api/v1/acts/{id}/receipt",             Need::signed_in, each,                     Media::none,            get_receipt},
    {"GET",    "/api/v1/ledger",                        Need::signed_in, each,                     Media::none,            get_ledger},
    {"GET",    "/api/v1/retention",                     Need::signed_in, each,                     Media::none,            get_retention},
    {"POST",   "/api/v1/ledger/cosignatures",           Need::open,      each,                     Media::note,            post_cosignature},
    {"POST",   "/api/v1/ledger/reports",                Need::open,      each,                     Media::note,            post_witness_report},
    {"GET",    "/api/v1/policy",                        Need::signed_in, each,                     Media::none,            get_policy},
    {"POST",   "/api/v1/policy",                        Need::signed_in, changes(Item::policy),    Media::json,            activate_policy},
    {"GET",    "/api/v1/policy/files",                  Need::signed_in, sees(Item::policy),       Media::none,            get_policy_files},
    {"GET",    "/api/v1/policy/versions",               Need::signed_in, sees(Item::policy),       Media::none,            list_policy_versions},
    {"POST",   "/api/v1/policy/check",                  Need::signed_in, changes(Item::policy),    Media::json,            check_policy},
    {"POST",   "/api/v1/policy/tries",                  Need::signed_in, changes(Item::policy),    Media::json,            try_policy},
    {"GET",    "/api/v1/rules",                         Need::signed_in, sees(Item::rules),        Media::none,            list_rules},
    {"GET",    "/api/v1/tasks",                         Need::signed_in, sees(Item::tasks),        Media::none,            list_tasks},
    {"GET",    "/api/v1/tasks/{id}",                    Need::signed_in, sees(Item::tasks),        Media::none,            get_task},
    {"DELETE", "/api/v1/tasks/{id}",                    Need::signed_in, changes(Item::tasks),     Media::none,            cancel_task},
    {"GET",   "/api/v1/accounts",                     Need::signed_in, sees(Item::accounts),     Media::none,            list_accounts},
    {"POST",   "/api/v1/accounts",                      Need::signed_in, changes(Item::accounts),  Media::json,            add_account},
    {"GET",   "/api/v1/accounts/{name}",              Need::signed_in, sees(Item::accounts),     Media::none,            get_account},
    {"POST",  "/api/v1/accounts/{name}/roles",        Need::signed_in, changes(Item::accounts),  Media::json,            give_role},
    {"DELETE","/api/v1/accounts/{name}/roles/{id}",   Need::signed_in, changes(Item::accounts),  Media::none,            end_role},
    {"POST",  "/api/v1/accounts/{name}/password",     Need::signed_in, changes(Item::accounts),  Media::none,            reset_password},
    {"DELETE","/api/v1/accounts/{name}/lock",         Need::signed_in, changes(Item::accounts),  Media::none,            unlock_account},
    {"GET",    "/api/v1/accounts/{name}/ways-in",       Need::signed_in, sees(Item::accounts),     Media::none,            get_account_ways},
    {"PUT",    "/api/v1/accounts/{name}/phone",         Need::signed_in, changes(Item::accounts),  Media::json,            set_phone},
    {"DELETE", "/api/v1/accounts/{name}/phone",         Need::signed_in, changes(Item::accounts),  Media::none,            remove_phone},
    {"PUT",    "/api/v1/accounts/{name}/sign-on",       Need::signed_in, changes(Item::accounts),  Media::json,            link_sign_on},
    {"DELETE", "/api/v1/accounts/{name}/sign-on",       Need::signed_in, changes(Item::accounts),  Media::none,            unlink_sign_on},
    {"DELETE", "/api/v1/accounts/{name}/second-factor", Need::signed_in, changes(Item::accounts),  Media::none,            reset_second_factor},
    {"POST",  "/api/v1/accounts/{name}/leave",        Need::signed_in, changes(Item::accounts),  Media::optional_json,   leave_account},
    {"GET",   "/api/v1/accounts/{name}/sessions",     Need::signed_in, sees(Item::accounts),     Media::none,            list_sessions},
    {"DELETE","/api/v1/accounts/{name}/sessions",     Need::signed_in, changes(Item::accounts),  Media::none,            end_sessions},
    {"DELETE","/api/v1/accounts/{name}/sessions/{id}",Need::signed_in, changes(Item::accounts),  Media::none,            end_session},
    {"GET",   "/api/v1/accounts/{name}/tokens",       Need::signed_in, sees(Item::accounts),     Media::none,            list_tokens},
    {"DELETE","/api/v1/accounts/{name}/tokens/{id}",  Need::signed_in, changes(Item::accounts),  Media::none,            revoke_token},
    {"GET",   "/api/v1/sessions",                     Need::signed_in, each,                     Media::none,            list_sessions},
    {"DELETE","/api/v1/sessions",                     Need::signed_in, each,                     Media::none,            end_sessions},
    {"DELETE","/api/v1/sessions/{id}",                Need::signed_in, each,                     Media::none,            end_session},
    {"GET",   "/api/v1/tokens",                       Need::signed_in, each,                     Media::none,            list_tokens},
    {"POST",  "/api/v1/tokens",                       Need::signed_in, each,                     Media::json,            make_token},
    {"DELETE","/api/v1/tokens/{id}",                  Need::signed_in, each,                     Media::none,            revoke_token},
    {"GET",   "/api/v1/delegations",                  Need::signed_in, each,                     Media::none,            list_delegations},
    {"POST",  "/api/v1/delegations",                  Need::signed_in, each,                     Media::json,            give_delegation},
    {"DELETE","/api/v1/delegations/{id}",             Need::signed_in, each,                     Media::none,            end_delegation},
    {"GET",    "/api/v1/wider-sights",                  Need::signed_in, each,                     Media::none,            list_wider_sights},
    {"POST",   "/api/v1/wider-sights",                  Need::signed_in, each,                     Media::json,            open_wider},
    {"DELETE", "/api/v1/wider-sights/{id}",             Need::signed_in, each,                     Media::none,            close_wider},
    {"GET",    "/api/v1/roster",                        Need::signed_in, sees(Item::roster),       Media::none,            get_roster},
    {"GET",    "/api/v1/persons",                       Need::signed_in, knows(Item::people),      Media::none,            list_persons},
    {"POST",   "/api/v1/persons/find",                  Need::signed_in, knows(Item::people),      Media::json,            find_persons},
    {"POST",   "/api/v1/persons/import",                Need::signed_in, changes(Item::people),    Media::table,           import_persons},
    {"GET",    "/api/v1/persons/{code}",                Need::signed_in, each,                     Media::none,            get_person},
    {"PUT",    "/api/v1/persons/{code}",                Need::signed_in, changes(Item::people),    Media::json,            put_person},
    {"POST",   "/api/v1/persons/{code}/show",           Need::signed_in, each,                     Media::json,            show_person},
    {"GET",    "/api/v1/persons/{code}/kept",           Need::signed_in, each,                     Media::none,            get_kept},
    {"POST",   "/api/v1/persons/{code}/archive",        Need::signed_in, each,                     Media::optional_json,   take_out_kept},
    {"POST",   "/api/v1/persons/{code}/erasure",        Need::signed_in, each,                     Media::json,            erase_person},
    {"POST",   "/api/v1/signals",                       Need::device,    each,                     Media::json_or_unsaid,  post_signals},
    {"POST",   "/api/v1/{token}/telemetry",             Need::device_in_path, each,                Media::pushed,          post_telemetry},
    {"POST",   "/api/v1/{token}/attributes",            Need::device_in_path, each,                Media::pushed,          post_attributes},
    {"POST",   "/api/v1/push/{token}/{source}",         Need::device_in_path, each,                Media::pushed,          push_event},
    {"POST",   "/api/v1/push/{token}/{source}/{part}",  Need::device_in_path, each,                Media::pushed,          push_event},
    {"POST",   "/api/v1/maps/try",                      Need::signed_in, sees(Item::policy),       Media::json,            try_map},
    {"GET",    "/api/v1/live",                          Need::signed_in, each,                     Media::none,            live_without_websocket},
});
// clang-format on

// A pattern taken apart once: which route is meant is asked at every request.
struct Shape {
    std::array<std::string_view, 8> parts;
    std::size_t count = 0;
};

constexpr Shape shape_of(std::string_view pattern) {
    Shape shape;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);  // the slash
        const auto end = std::min(pattern.find('/'), pattern.size());
        shape.parts.at(shape.count++) = pattern.substr(0, end);
        pattern.remove_prefix(end);
    }
    return shape;
}

bool is_param(std::string_view part) { return part.starts_with('{'); }

bool fits(const Shape& shape, const std::vector<std::string>& segments) {
    if (shape.count != segments.size()) return false;
    // From the end: all begin alike.
    for (std::size_t i = segments.size(); i-- > 0;) {
        if (is_param(shape.parts[i]) ? segments[i].empty() : shape.parts[i] != segments[i]) return false;
    }
    return true;
}

std::vector<std::string> params_of(const Shape& shape, const std::vector<std::string>& segments) {
    std::vector<std::string> params;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (is_param(shape.parts[i])) params.push_back(segments[i]);
    }
    return params;
}

constexpr auto shapes = [] {
    std::array<Shape, table.size()> all;
    std::ranges::transform(table, all.begin(), [](const Route& r) { return shape_of(r.pattern); });
    return all;
}();

}  // namespace

std::span<const Route> routes() { return table; }

std::size_t body_limit(Media media) {
    if (media == Media::picture) return picture_limit;
    if (media == Media::note) return note_limit;
    if (media == Media::table) return table_limit;
    if (media == Media::large_table) return large_table_limit;
    if (media == Media::pushed) return pushed_limit;
    return media == Media::none ? ignored_limit : json_limit;
}

bool takes(Media media, std::string_view type) {
    switch (media) {
        case Media::json:
        case Media::optional_json:
            return type == "application/json";
        case Media::json_or_unsaid:
            return type.empty() || type == "application/json";
        case Media::note:
            return type == "text/plain";
        case Media::table:
        case Media::large_table:
            return type == "text/csv";
        case Media::picture:
            return type == "image/jpeg" || type == "image/png" || type == "image/webp";
        case Media::pushed:  // whatever it is called; its first character tells
        case Media::none:
            break;
    }
    return true;
}

Match match(std::string_view method, const Target& target) {
    Match out;
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (!fits(shapes[i], target.segments)) continue;
        const Route& route = table[i];
        if (route.method == method || (route.method == "GET" && method == "HEAD"))
            return {&route, params_of(shapes[i], target.segments), {}};
        if (!out.allow.empty()) out.allow += ", ";
        out.allow += route.method == "GET" ? "GET, HEAD" : route.method;
    }
    return out;
}

}  // namespace shoumen::doors::http
