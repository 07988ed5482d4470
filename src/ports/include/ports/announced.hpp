// What a gateway says of a device under it before that device has said anything itself: a recorder of its channels, a
// bridge of what is joined to it. Nothing of it is believed but that it was said: it helps whoever takes the device in.
#pragma once
#include <string>

namespace shoumen::ports {

struct Announced {
    std::string device;  // the code it is called by
    std::string kind;    // word; empty: not said
    std::string name;    // this and all below: as it was said, UTF-8; empty: not said
    std::string maker;
    std::string product;
    std::string parent;  // the code there of what it hangs under

    bool operator==(const Announced&) const = default;
};

}  // namespace shoumen::ports
