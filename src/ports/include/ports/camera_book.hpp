// The seam between the SIP door and what is kept of devices that register there: their passwords, and that they are
// registered. By national code where a device is named by its code in the standard, else by its code in the community.
//
// All calls on the io thread.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace shoumen::ports {

class CameraBook {
public:
    virtual ~CameraBook() = default;

    // The token last given to the device, in clear, as the digest wants it; none: it was given none since it has a
    // national code. Whether it is still good is the Intake's to say.
    virtual std::optional<std::string> password(std::string_view device) = 0;

    // What was kept under this national code; none: nothing, or nothing any more. Opaque to whoever keeps it.
    virtual std::optional<std::string> kept(std::string_view national, std::string_view what) = 0;
    // Empty text: nothing any more. `done` when it is on disk.
    virtual void keep(std::string_view national, std::string_view what, std::string text,
                      std::function<void()> done) = 0;
};

}  // namespace shoumen::ports
