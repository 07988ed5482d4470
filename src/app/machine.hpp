// The live implementation of the Machine port, for Linux. Private to room app.
#pragma once
#include <functional>
#include <string>

#include "ports/machine.hpp"

namespace shoumen::app {

class LinuxMachine final : public ports::Machine {
public:
    // `steady`: see ports::Machine::steady(); none: the system's time since boot, suspensions included.
    explicit LinuxMachine(std::string data_directory, std::function<base::Duration()> steady = {});
    [[nodiscard]] std::optional<ports::DiskSpace> disk() const override;
    [[nodiscard]] std::optional<std::uint64_t> store_bytes() const override;
    [[nodiscard]] std::optional<std::uint64_t> memory_bytes() const override;
    [[nodiscard]] base::Duration steady() const override;
    [[nodiscard]] std::optional<bool> clock_synchronised() const override;

private:
    std::string data_;
    std::function<base::Duration()> steady_;
};

}  // namespace shoumen::app
