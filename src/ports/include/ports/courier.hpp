// The seam through which commands reach devices. A door that devices hold open implements it; the shell asks.
//
// Nothing is queued: what cannot be handed to a connection now is not sent later. All calls on the io thread.
#pragma once
#include <cstdint>
#include <string_view>

namespace shoumen::ports {

class Courier {
public:
    enum class Delivery : std::uint8_t {
        sent,           // handed to every connection that listens for it
        not_connected,  // nobody listens to this device's commands
        busy,           // somebody does, and has not acknowledged those before
    };

    virtual ~Courier() = default;
    virtual bool reaches(std::string_view device) = 0;
    virtual Delivery command(std::string_view device, std::string_view payload) = 0;
};

}  // namespace shoumen::ports
