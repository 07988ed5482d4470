#include "mqtt_metrics.hpp"

#include "base/exposition.hpp"

namespace shoumen::app {

std::string mqtt_metrics(const doors::mqtt::Counters& c) {
    base::Exposition out;
    out.gauge("shoumen_mqtt_connections", "MQTT connections open now", static_cast<double>(c.connections));
    out.counter("shoumen_mqtt_connections_total", "MQTT connections since start", c.connections_total);
    out.counter("shoumen_mqtt_sign_ins_total", "CONNECT packets with a good token", c.signed_in_total);
    out.counter("shoumen_mqtt_sign_ins_refused_total", "CONNECT packets refused", c.sign_in_refused);
    out.counter("shoumen_mqtt_over_limit_total", "Connections turned away: too many", c.over_limit);
    out.counter("shoumen_mqtt_protocol_faults_total", "Connections closed for what they sent", c.protocol_faults);
    out.counter("shoumen_mqtt_timeouts_total", "Connections closed for their silence", c.timeouts);
    out.counter("shoumen_mqtt_publishes_total", "PUBLISH packets taken, wills included", c.messages);
    out.counter("shoumen_mqtt_signals_total", "Signals handed to the shell", c.signals);
    out.counter("shoumen_mqtt_quarantined_total", "Payloads put into the quarantine", c.quarantined);
    out.counter("shoumen_mqtt_pubacks_total", "PUBACKs sent, each after its commit", c.acknowledged);
    out.counter("shoumen_mqtt_stalls_total", "Times a connection waited because too much was to be stored", c.stalls);
    out.counter("shoumen_mqtt_wills_total", "Wills submitted after a lost connection", c.wills);
    out.counter("shoumen_mqtt_wills_dropped_total", "Wills that found no room", c.wills_dropped);
    out.counter("shoumen_mqtt_received_bytes_total", "Bytes read from MQTT connections", c.bytes_in);
    return out.take();
}

}  // namespace shoumen::app
