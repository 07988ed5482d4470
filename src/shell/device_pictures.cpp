#include "shell/device_pictures.hpp"

#include <algorithm>

#include "act/life.hpp"
#include "protect/photo.hpp"

namespace shoumen::shell {
namespace {

constexpr std::size_t most_waiting = 64;
constexpr std::size_t most_held = 32U << 20U;
constexpr std::size_t most_at_work = 16;
constexpr base::Duration waits_for_incident = base::minutes(1);

// It is a piece of evidence by a device, not by a person: a code that no person has.
std::string name_of(const std::string& device) { return "device:" + device; }

std::size_t pictures_of_devices(const model::Incident& incident) {
    return static_cast<std::size_t>(std::ranges::count_if(
        incident.evidence, [](const model::Evidence& e) { return e.by.code.starts_with("device:"); }));
}

}  // namespace

DevicePictures::DevicePictures(Node& node, ports::EvidenceFiles& files, Node::Post post, ports::Log log)
    : node_(node), files_(files), post_(std::move(post)), log_(std::move(log)), worker_(most_at_work) {
    node_.on_pictured([this](std::string_view device, std::string bytes) { take(device, std::move(bytes)); });
}

DevicePictures::~DevicePictures() { node_.on_pictured({}); }

void DevicePictures::refuse(const std::string& device, std::string_view why) {
    ++counts_.refused;
    if (log_)
        log_({ports::LogLevel::warning,
              "device_picture",
              "a picture that came with an alarm is not kept; the alarm is",
              {{"device", device}, {"why", std::string(why)}}});
}

void DevicePictures::take(std::string_view device, std::string bytes) {
    ++counts_.came;
    const auto id = node_.device(device);
    if (!id) return;
    if (bytes.size() > largest_device_picture) return refuse(std::string(device), "too-large");
    if (protect::media_type_of(bytes).empty()) return refuse(std::string(device), "unsupported-media");
    if (waiting_.size() >= most_waiting || held_ + bytes.size() > most_held)
        return refuse(std::string(device), "too-many-pictures");
    held_ += bytes.size();
    waiting_.push_back({*id, std::string(device), std::move(bytes), node_.clock().now()});
}

void DevicePictures::on_incident(const model::Incident& incident) {
    if (waiting_.empty() || !act::is_live(incident.state)) return;
    std::size_t has = pictures_of_devices(incident);
    for (auto it = waiting_.begin(); it != waiting_.end();) {
        const bool is_meant = std::ranges::any_of(incident.sources, [&](const model::Source& source) {
            return source.track.device == it->device && source.latest >= it->came - waits_for_incident;
        });
        if (!is_meant) {
            ++it;
            continue;
        }
        auto picture = std::move(*it);
        it = waiting_.erase(it);
        held_ -= picture.bytes.size();
        if (has++ < most_device_pictures)
            keep(std::move(picture), incident);
        else
            ++counts_.forgotten;
    }
}

void DevicePictures::check() {
    const auto now = node_.clock().now();
    while (!waiting_.empty() && (now - waiting_.front().came > waits_for_incident || now < waiting_.front().came)) {
        held_ -= waiting_.front().bytes.size();
        waiting_.pop_front();
        ++counts_.forgotten;
    }
}

void DevicePictures::keep(Waiting picture, const model::Incident& incident) {
    model::Command command;
    command.action = model::Action::add_evidence;
    command.incident = incident.id;
    command.phase = model::EvidencePhase::before;
    command.actor.person.code = name_of(picture.code);
    command.actor.bodies = {incident.lead};  // whoever leads may add evidence; the device does so for them
    const auto device = picture.code;
    const bool queued =
        worker_.run([this, command, device, zone = node_.policy()->zone, bytes = std::move(picture.bytes)]() mutable {
            const std::string type(protect::media_type_of(bytes));
            const bool shows = protect::is_picture(bytes);
            command.taken = protect::taken_at(bytes, zone).value_or(base::Time::none());
            base::Result<base::Digest> stored = base::fail("broken-picture", "it cannot be shown");
            if (shows) stored = files_.put(bytes);
            post_([this, command, device, type, size = bytes.size(), stored = std::move(stored)]() mutable {
                if (!stored) return refuse(device, stored.error().code);
                command.evidence = *stored;
                const ports::EvidenceRow row{*stored, size, type, node_.clock().now(), command.taken, command.incident};
                node_.command(std::move(command), {}, {row}, [this, device](const auto& done) {
                    if (!done) return refuse(device, done.error().code);
                    if (!done->code.empty()) return refuse(device, done->code);
                    ++counts_.kept;
                });
            });
        });
    if (!queued) refuse(device, "busy");
}

}  // namespace shoumen::shell
