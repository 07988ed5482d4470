#include "field_doors.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/exposition.hpp"
#include "doors/panel/listener.hpp"
#include "doors/sip/listener.hpp"
#include "model/national.hpp"
#include "shell/camera_book.hpp"
#include "shell/node.hpp"

namespace shoumen::app {
namespace {

std::string sip_metrics(const doors::sip::Counters& c) {
    base::Exposition out;
    out.gauge("shoumen_sip_registered", "Devices registered by SIP now", static_cast<double>(c.registered));
    out.gauge("shoumen_sip_silent", "Of them, those that have missed their keep-alives", static_cast<double>(c.silent));
    out.counter("shoumen_sip_messages_total", "SIP messages read", c.messages);
    out.counter("shoumen_sip_faults_total", "SIP messages that could not be read", c.faults);
    out.counter("shoumen_sip_challenges_total", "Requests answered with 401", c.challenges);
    out.counter("shoumen_sip_registrations_total", "REGISTER with the right password", c.registrations);
    out.counter("shoumen_sip_refused_total", "REGISTER refused: wrong password, or unknown", c.refused);
    out.counter("shoumen_sip_keepalives_total", "Keep-alives taken", c.keepalives);
    out.counter("shoumen_sip_lost_total", "Times a device missed its keep-alives", c.lost);
    out.counter("shoumen_sip_alarms_total", "Alarms taken", c.alarms);
    out.counter("shoumen_sip_quarantined_total", "Of them and of what could not be read, in the quarantine",
                c.quarantined);
    out.counter("shoumen_sip_unproven_total", "Alarms from where their device has not registered", c.unproven);
    out.counter("shoumen_sip_repeats_total", "Messages sent again, and answered the same", c.repeats);
    out.counter("shoumen_sip_stalls_total", "Messages left unanswered because too much was to be stored", c.stalls);
    out.counter("shoumen_sip_catalogues_total", "Catalogues that came", c.catalogues);
    out.counter("shoumen_sip_catalogues_incomplete_total", "Of them, those with channels missing",
                c.catalogues_incomplete);
    out.counter("shoumen_sip_announced_total", "Channels of catalogues that wait to be taken in, counted each time",
                c.announced);
    out.counter("shoumen_sip_sent_again_total", "Requests of ours sent again for want of an answer", c.sent_again);
    out.counter("shoumen_sip_unanswered_total", "Requests of ours that were never answered", c.unanswered);
    return out.take();
}

std::string panel_metrics(const doors::panel::Counters& c) {
    base::Exposition out;
    out.gauge("shoumen_panel_connections", "Connections of fire panels open now", static_cast<double>(c.connections));
    out.counter("shoumen_panel_connections_total", "Connections of fire panels since start", c.connections_total);
    out.counter("shoumen_panel_turned_away_total", "Connections turned away: not allowed, or too many", c.turned_away);
    out.counter("shoumen_panel_frames_total", "Frames read", c.frames);
    out.counter("shoumen_panel_garbage_bytes_total", "Bytes that were no frame", c.garbage_bytes);
    out.counter("shoumen_panel_wrong_sums_total", "Frames with a wrong sum", c.wrong_sums);
    out.counter("shoumen_panel_unknown_total", "Frames of transmitters that nobody has entered", c.unknown);
    out.counter("shoumen_panel_reports_total", "Reports taken", c.reports);
    out.counter("shoumen_panel_quarantined_total", "Of them and of what could not be read, in the quarantine",
                c.quarantined);
    out.counter("shoumen_panel_confirmed_total", "Frames confirmed, or to be once they are on disk", c.confirmed);
    out.counter("shoumen_panel_denied_total", "Frames denied", c.denied);
    out.counter("shoumen_panel_stalls_total", "Times a connection waited because too much was to be stored", c.stalls);
    return out.take();
}

std::function<void(bool, std::string_view)> lines_of(const ports::Log& log, const char* event) {
    return [log, event](bool warning, std::string_view line) {
        log({warning ? ports::LogLevel::warning : ports::LogLevel::info, event, std::string(line), {}});
    };
}

}  // namespace

struct FieldDoors::Impl {
    std::unique_ptr<shell::CameraBook> book;
    std::unique_ptr<doors::sip::Listener> sip;
    std::string sip_address;
    std::unique_ptr<doors::panel::Listener> panel;
    std::string panel_address;

    base::Result<void> open_panel(boost::asio::io_context& io, const ServeOptions& options, shell::Node& node,
                                  const ports::Clock& clock, const ports::Log& log) {
        const auto at = parse_endpoint(options.panel);
        if (!at) return base::fail("bad-endpoint", "write it as 192.0.2.7:26875", "--panel");
        doors::panel::Options panel_options;
        panel_options.address = panel_address = at->address;
        panel_options.port = at->port;
        panel_options.allowed = options.panel_peers;
        panel_options.now = [&clock] { return clock.now(); };
        panel_options.log = lines_of(log, "panel");
        panel = std::make_unique<doors::panel::Listener>(io, node, std::move(panel_options));
        if (auto done = panel->start(); !done) return done;
        log({ports::LogLevel::warning,
             "panel",
             "the door for fire panels is open: its standard has no password, so whoever sits at an allowed address "
             "may "
             "report; keep it to a network of its own",
             {}});
        return {};
    }

    base::Result<void> open_sip(boost::asio::io_context& io, const ServeOptions& options, shell::Node& node,
                                const ports::Clock& clock, const ports::Log& log) {
        const auto at = parse_endpoint(options.sip);
        if (!at) return base::fail("bad-endpoint", "write it as 192.0.2.7:5060", "--sip");
        if (!model::is_national_code(options.sip_code))
            return base::fail("bad-sip-code", "write the platform's code as the 20 digits it was given", "--sip-code");
        const bool all = at->address == "0.0.0.0" || at->address == "::";
        if (all && options.sip_reached_by.empty())
            return base::fail("bad-endpoint",
                              "listening on all addresses, cameras must be told one: name it with --sip-reached-by",
                              "--sip");
        book = std::make_unique<shell::CameraBook>(node);
        if (auto done = book->start(); !done) return done;
        doors::sip::Options sip_options;
        sip_options.address = sip_address = at->address;
        sip_options.port = at->port;
        sip_options.advertised = options.sip_reached_by;
        sip_options.log = lines_of(log, "sip");
        sip_options.registrar.code = options.sip_code;
        sip_options.registrar.keepalive_ms = std::int64_t{options.sip_keepalive_s} * 1'000;
        sip_options.registrar.now = [&clock] { return clock.now(); };
        sip = std::make_unique<doors::sip::Listener>(io, node, *book, std::move(sip_options));
        if (auto done = sip->start(); !done) return done;
        const auto policy = node.policy();
        const bool any = std::ranges::any_of(policy->devices, [&](const model::Device& d) {
            return !d.retired && !model::national_code_of(*policy, d.code).empty();
        });
        if (!any)
            log({ports::LogLevel::warning,
                 "sip",
                 "no device of the community has a national code of 20 digits: nobody can register (devices.yaml, or "
                 "the names of a map)",
                 {}});
        return {};
    }
};

FieldDoors::FieldDoors(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FieldDoors::~FieldDoors() { stop(); }

base::Result<std::unique_ptr<FieldDoors>> FieldDoors::open(boost::asio::io_context& io, const ServeOptions& options,
                                                           shell::Node& node, const ports::Clock& clock,
                                                           const ports::Log& log) {
    auto impl = std::make_unique<Impl>();
    if (!options.sip.empty()) {
        if (auto done = impl->open_sip(io, options, node, clock, log); !done) return tl::unexpected(done.error());
    }
    if (!options.panel.empty()) {
        if (auto done = impl->open_panel(io, options, node, clock, log); !done) return tl::unexpected(done.error());
    }
    return std::unique_ptr<FieldDoors>(new FieldDoors(std::move(impl)));
}

std::string FieldDoors::metrics() const {
    std::string out;
    if (impl_->sip) out += sip_metrics(impl_->sip->counters());
    if (impl_->panel) out += panel_metrics(impl_->panel->counters());
    return out;
}

std::string FieldDoors::where() const {
    std::string out;
    if (impl_->sip) out += fmt::format(" sip {}:{}", impl_->sip_address, impl_->sip->port());
    if (impl_->panel) out += fmt::format(" panel {}:{}", impl_->panel_address, impl_->panel->port());
    return out;
}

void FieldDoors::stop() {
    if (impl_->sip) impl_->sip->stop();
    if (impl_->panel) impl_->panel->stop();
}

}  // namespace shoumen::app
