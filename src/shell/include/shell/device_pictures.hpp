// Pictures that devices send with what they say: kept as evidence of the incident that it opens or feeds, sealed like
// any other, under the device's name ("device:CODE").
//
// What comes waits in memory, bounded, until an incident with an alert of that device changes, a minute at most: a
// picture without an incident is nobody's business and is forgotten. Then it is looked at on a thread of its own (the
// type by its first bytes, the whole decoded), written, and put to the incident by a command of its own. The alarm
// never waits for any of this, and stays whatever becomes of the picture. The io thread.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "model/incident.hpp"
#include "ports/files.hpp"
#include "ports/log.hpp"
#include "shell/node.hpp"
#include "shell/worker.hpp"

namespace shoumen::shell {

constexpr std::size_t largest_device_picture = 4U << 20U;
constexpr std::size_t most_device_pictures = 8;  // of one incident

class DevicePictures {
public:
    struct Counts {
        std::uint64_t came = 0;
        std::uint64_t kept = 0;
        std::uint64_t refused = 0;    // too large, no picture, too many at once, or the disk would not
        std::uint64_t forgotten = 0;  // no incident came of what they came with, or it has enough
    };

    // All given outlive it.
    DevicePictures(Node& node, ports::EvidenceFiles& files, Node::Post post, ports::Log log);
    ~DevicePictures();
    DevicePictures(const DevicePictures&) = delete;
    DevicePictures& operator=(const DevicePictures&) = delete;

    // An incident was opened or has changed.
    void on_incident(const model::Incident& incident);
    // Every second: forgets what has waited too long.
    void check();
    [[nodiscard]] const Counts& counts() const { return counts_; }

private:
    struct Waiting {
        model::DeviceId device;
        std::string code;
        std::string bytes;
        base::Time came;
    };

    void take(std::string_view device, std::string bytes);
    void keep(Waiting picture, const model::Incident& incident);
    void refuse(const std::string& device, std::string_view why);

    Node& node_;
    ports::EvidenceFiles& files_;
    Node::Post post_;
    ports::Log log_;
    Counts counts_;
    std::deque<Waiting> waiting_;
    std::size_t held_ = 0;  // bytes of what waits
    Worker worker_;         // last: ends first
};

}  // namespace shoumen::shell
