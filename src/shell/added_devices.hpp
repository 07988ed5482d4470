// devices-added.yaml: devices that were taken in while the program runs, and those of devices.yaml that have been
// retired since, one a line. Private to room shell.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "ports/upkeep_rows.hpp"

namespace shoumen::shell {

struct AddedDevice {
    std::string code;
    std::string kind;  // empty: a gateway
    std::string place;
    std::string gateway;  // empty: none
    std::string name;     // empty: its code
};

[[nodiscard]] inline AddedDevice added_of(const ports::DeviceRecordRow& row) {
    return {row.device, row.kind, row.place, row.gateway, row.name};
}

class AddedDevices {
public:
    static constexpr std::string_view file = "devices-added.yaml";

    AddedDevices() = default;
    explicit AddedDevices(std::string_view text);

    void put(const AddedDevice& device);
    void remove(const std::string& code) { lines_.erase(code); }
    void retire(const std::string& code) { retired_.insert(code); }  // one of devices.yaml
    [[nodiscard]] bool has(const std::string& code) const { return lines_.contains(code); }
    [[nodiscard]] std::string text() const;

private:
    std::map<std::string, std::string> lines_;  // by code
    std::set<std::string> retired_;
};

}  // namespace shoumen::shell
