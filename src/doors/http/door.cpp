#include "door.hpp"

#include <array>
#include <exception>
#include <fstream>
#include <iterator>

#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

#include "base/hash.hpp"
#include "base/time.hpp"

#include "handlers.hpp"
#include "parse.hpp"

namespace shoumen::doors::http {

namespace {
constexpr std::size_t longest_token = 512;
}  // namespace

namespace {

base::Result<std::string> read_contract(const std::string& directory, std::string_view name) {
    const std::string path = fmt::format("{}/{}", directory, name);
    std::ifstream in(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    if (text.empty())
        return base::fail("contract-missing",
                          fmt::format("{} cannot be read; install the program's share folder anew.", path));
    return text;
}

std::string imf_fixdate(base::Time t) {
    static constexpr std::array days = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const base::LocalTime l = base::Zone().local(t);
    if (l.weekday < 1 || l.month < 1) return {};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[l.weekday - 1], l.day, months[l.month - 1], l.year,
                       l.minute / 60, l.minute % 60, l.second);
}

base::Error not_signed_in() { return {"not-signed-in", "Send the session's cookie, or Authorization: Bearer.", {}}; }

}  // namespace

Answer json_answer(unsigned status, std::string body) {
    return {.status = status, .content_type = "application/json", .body = std::move(body)};
}

Door::Door(boost::asio::io_context& io, ports::Intake& intake, ports::Desk& desk, Options options)
    : intake_(intake), desk_(desk), options_(std::move(options)), hub_(io, *this), signals_(intake, *this) {}

base::Result<void> Door::load() {
    auto errors = read_contract(options_.api_dir, "errors.json");
    if (!errors) return tl::unexpected(errors.error());
    auto openapi = read_contract(options_.api_dir, "openapi.json");
    if (!openapi) return tl::unexpected(openapi.error());
    auto catalogue = Catalogue::read(*errors);
    if (!catalogue) return tl::unexpected(catalogue.error());
    catalogue_ = std::move(*catalogue);
    errors_text_ = std::make_shared<const std::string>(std::move(*errors));
    openapi_text_ = std::make_shared<const std::string>(std::move(*openapi));
    if (!options_.static_dir.empty()) statics_ = Statics::read(options_.static_dir);
    if (statics_.empty()) {
        log(ports::LogLevel::warning, "no_pages", "there are no console pages; the API alone is served",
            {{"directory", options_.static_dir}});
    }
    return {};
}

void Door::start() {
    hub_.start();
    signals_.start();
}

void Door::stop() {
    signals_.stop();
    hub_.stop();
}

Answer Door::error(const base::Error& error, unsigned status) {
    figures_.count_error(error.code);
    return answer_of(catalogue_, error, status);
}

Phrases* Door::phrases() {
    auto policy = desk_.policy();
    if (!policy) return nullptr;
    if (!phrases_ || phrases_->shared_policy() != policy) phrases_ = std::make_unique<Phrases>(std::move(policy));
    return phrases_.get();
}

std::string_view Door::http_date() {
    const base::Time now = desk_.now();
    if (!date_second_.is_set() || now < date_second_ || now - date_second_ >= base::seconds(1)) {
        date_second_ = {now.us - now.us % 1'000'000};
        date_ = imf_fixdate(now);
    }
    return date_;
}

bool Door::reserve_body(std::size_t bytes) {
    if (bodies_ + bytes > options_.body_budget) return false;
    bodies_ += bytes;
    return true;
}

Answer Door::file(const Head& head) {
    if (head.method != "GET" && head.method != "HEAD")
        return error({"method-not-allowed", "Pages are only read.", {}}).with("Allow", "GET, HEAD");
    if (auto answer = statics_.find(head.target, head.if_none_match)) return std::move(*answer);
    return error({"not-found",
                  statics_.empty() ? "The console's pages are not installed here; the API is at /api/v1." : "",
                  {}});
}

std::variant<Answer, std::shared_ptr<Call>> Door::admit(Head head) {
    const auto& segments = head.target.segments;
    head.forwarded_https = head.forwarded_https || options_.behind_tls;
    if (segments.size() > 1 && segments.front() == "ledger") return std::move(ledger_file(head).of("GET", "ledger"));
    if (segments.empty() || segments.front() != "api") return std::move(file(head).of("GET", page_route));
    auto found = match(head.method, head.target);
    auto call = std::make_shared<Call>();
    // What is not in the table is not even told apart from what is, unless one is signed in.
    const auto of_route = [&](Answer answer) {
        if (found.route) answer.of(found.route->method, found.route->pattern);
        return answer;
    };
    call->params = std::move(found.params);
    const bool scrape = found.route && found.route->need == Need::metrics && is_scraper(head);
    const Need need = found.route ? found.route->need : Need::session;
    if (const auto refused =
            scrape ? std::nullopt : pass_gate(need, found.route ? found.route->passes : Passes{}, head, *call))
        return of_route(error(*refused));
    if (!found.route && found.allow.empty()) return error({"not-found", "", {}});
    if (!found.route) return error({"method-not-allowed", "", {}}).with("Allow", found.allow);
    if (head.has_body && !takes(found.route->media, media_type_of(head.content_type)))
        return of_route(error({"unsupported-media", "", "Content-Type"}));
    // Nothing is unpacked here: what is small on the wire stays small.
    if (head.has_body && !head.content_encoding.empty() && !boost::beast::iequals(head.content_encoding, "identity"))
        return of_route(error({"unsupported-media", "Bodies are sent as they are, not packed.", "Content-Encoding"}));
    call->route = found.route;
    call->request.head = std::move(head);
    return call;
}

bool Door::is_scraper(const Head& head) const {
    const Credentials credentials = credentials_of(head);
    return options_.metrics_token && credentials.source == Credentials::Source::bearer &&
           base::sha256(credentials.token) == *options_.metrics_token;
}

std::optional<base::Error> Door::pass_gate(Need need, const Passes& passes, const Head& head, Call& call) {
    if (need == Need::open) return std::nullopt;
    const Credentials credentials = credentials_of(head);
    if (need == Need::device_in_path) {
        const std::string_view token = call.params.front();
        if (token.size() <= longest_token && !token.starts_with(ports::certificate_mark))
            call.speaker = intake_.speaker(token);
        if (call.speaker) return std::nullopt;
        return base::Error{"unknown-token", "Put the device's token into the address, where it says {token}.", {}};
    }
    if (need == Need::device) {
        // A fingerprint is no secret: said, it is worth nothing.
        const bool shown = credentials.source == Credentials::Source::bearer &&
                           !credentials.token.starts_with(ports::certificate_mark);
        if (shown) call.speaker = intake_.speaker(credentials.token);
        if (head.authorization.empty() && !head.certificate.empty()) call.speaker = intake_.speaker(head.certificate);
        if (call.speaker) {
            call.speaker->lane = ports::lane_with(call.speaker->lane, head.address);
            return std::nullopt;
        }
        return base::Error{"unknown-token", "Send the device's token as Authorization: Bearer.", "Authorization"};
    }
    return pass_signed_in(need, passes, head, credentials, call);
}

std::optional<base::Error> Door::pass_signed_in(Need need, const Passes& passes, const Head& head,
                                                const Credentials& credentials, Call& call) {
    if (credentials.source == Credentials::Source::none) return not_signed_in();
    if (head.wants_websocket && is_foreign_origin(head)) return base::Error{"origin-refused", "", "Origin"};
    const ports::Caller from = caller_of(head);
    auto session = desk_.session(credentials.token, &from);
    if (!session) return session.error();
    if (lacks_csrf_header(head, credentials)) return base::Error{"csrf", "", "X-Shoumen"};
    if (session->must_change && need != Need::session) return base::Error{"must-change-password", "", {}};
    if (session->must_enrol && need != Need::session && need != Need::enrolling)
        return base::Error{"must-set-second-step", "", {}};
    if (passes.item) {
        if (const auto in = desk_.admit(*session, *passes.item, passes.least); !in) return in.error();
    }
    // A push is not asked for one by one: whoever may see only their own is not told of all.
    if (head.wants_websocket && session->actor.roles == model::RoleSet{}.add(model::Role::resident))
        return base::Error{"forbidden", "Following is for those who work on incidents.", {}};
    call.session = std::move(*session);
    call.token = credentials.token;
    return std::nullopt;
}

void Door::handle(const std::shared_ptr<Call>& call) {
    try {
        call->route->handler(*this, call);
    } catch (const std::exception& e) {
        log(ports::LogLevel::error, "request_failed", "a request could not be answered",
            {{"method", std::string(call->route->method)},
             {"route", std::string(call->route->pattern)},
             {"why", std::string(e.what())}});
        call->reply(error({"internal", "", {}}));
    }
}

}  // namespace shoumen::doors::http
