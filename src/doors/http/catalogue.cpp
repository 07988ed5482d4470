#include "catalogue.hpp"

#include <boost/json.hpp>

#include "json_writer.hpp"

namespace shoumen::doors::http {

namespace json = boost::json;

namespace {

// Seconds after which it makes sense to send again.
std::string_view retry_after(std::string_view code) {
    if (code == "busy") return "1";
    if (code == "sign-in-wait") return "60";
    if (code == "find-wait") return "3600";
    if (code == "storing-failed" || code == "not-ready" || code == "disk-full" || code == "database-away") return "5";
    return "";
}

}  // namespace

base::Result<Catalogue> Catalogue::read(std::string_view text) {
    const auto broken = [] {
        return base::fail("contract-missing", "errors.json is not a catalogue of errors; install it anew.");
    };
    boost::system::error_code ec;
    const json::value document = json::parse(text, ec);
    if (ec || !document.is_object()) return broken();
    Catalogue catalogue;
    for (const auto& [code, value] : document.get_object()) {
        const json::object* row = value.if_object();
        if (!row) return broken();
        const auto word = [row](const char* name) -> std::string {
            const json::value* v = row->if_contains(name);
            return v && v->is_string() ? std::string(v->get_string()) : std::string();
        };
        const json::value* status = row->if_contains("status");
        CatalogueEntry entry{0, word("metric"), word("zh"), word("en")};
        if (status && status->is_int64()) entry.status = static_cast<unsigned>(status->get_int64());
        if (entry.status < 400 || entry.status > 599 || entry.zh.empty() || entry.en.empty()) return broken();
        catalogue.entries_.emplace(code, std::move(entry));
    }
    if (!catalogue.entries_.contains("internal")) return broken();
    return catalogue;
}

const CatalogueEntry& Catalogue::of(std::string_view code) const {
    const auto it = entries_.find(code);
    return it != entries_.end() ? it->second : entries_.find("internal")->second;
}

Answer answer_of(const Catalogue& catalogue, const base::Error& error, unsigned status) {
    const CatalogueEntry& entry = catalogue.of(error.code);
    JsonWriter out;
    out.begin().key("error").begin().field("code", error.code);
    out.key("message").begin().field("zh", entry.zh).field("en", entry.en).end();
    if (!error.where.empty()) out.field("where", error.where);
    if (!error.message.empty()) out.field("detail", error.message);
    out.end().end();
    Answer answer{.status = status ? status : entry.status, .content_type = "application/json", .body = out.take()};
    if (std::string seconds(retry_after(error.code)); !seconds.empty()) {
        // Where the message says how long, the header says the same.
        const auto digit = error.message.find_first_of("0123456789");
        if (error.code == "sign-in-wait" && digit != std::string::npos)
            seconds = error.message.substr(digit, error.message.find_first_not_of("0123456789", digit) - digit);
        answer.with("Retry-After", seconds);
    }
    if (answer.status == 401) answer.with("WWW-Authenticate", "Bearer");
    return answer;
}

}  // namespace shoumen::doors::http
