// The MQTT door's figures in Prometheus' form. Private to room app.
#pragma once
#include <string>

#include "doors/mqtt/session.hpp"

namespace shoumen::app {

std::string mqtt_metrics(const doors::mqtt::Counters& counters);

}  // namespace shoumen::app
