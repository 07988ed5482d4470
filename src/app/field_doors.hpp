// The doors for what stands in the field and speaks a national standard, as far as they are asked for: cameras by SIP,
// fire panels by GB/T 26875.3. Private to room app.
#pragma once
#include <memory>
#include <string>

#include "base/result.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"

#include "commands.hpp"

namespace boost::asio {
class io_context;
}
namespace shoumen::shell {
class Node;
}

namespace shoumen::app {

class FieldDoors {
public:
    // Opens what is named in the options; nothing where nothing is. All given outlive it. Codes: bad-endpoint,
    // bad-sip-code, bad-address, port-in-use, listen-failed.
    static base::Result<std::unique_ptr<FieldDoors>> open(boost::asio::io_context& io, const ServeOptions& options,
                                                          shell::Node& node, const ports::Clock& clock,
                                                          const ports::Log& log);
    ~FieldDoors();
    FieldDoors(const FieldDoors&) = delete;
    FieldDoors& operator=(const FieldDoors&) = delete;

    [[nodiscard]] std::string metrics() const;
    [[nodiscard]] std::string where() const;  // " sip 192.0.2.7:5060 panel 192.0.2.7:26875", as far as they are open
    void stop();

private:
    struct Impl;
    explicit FieldDoors(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::app
