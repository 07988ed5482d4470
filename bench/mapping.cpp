// `mapping`: payloads through the shipped maps on one core, the parsing of JSON and XML included: topic → entry →
// signals.
//
// One payload or more of each map, in the form its source sends, in turn; --maps=DIR, else those of the demo;
// --only=MAP: that one alone. Measured in processor time of the one thread. Each payload must give the signals that are
// counted beside it.
#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "doors/payload/mapped.hpp"
#include "policy/directory.hpp"

#include "registry.hpp"

namespace shoumen::bench {
namespace {

namespace json = boost::json;

struct Sample {
    const char* topic;
    const char* payload;
    std::size_t signals;
};

constexpr auto
    samples =
        std::
            to_array<Sample>(
                {
                    {"zigbee2mqtt/smoke-1",
                     R"({"battery":100,"battery_low":false,"linkquality":81,"smoke":false,"tamper":false,"voltage":3075})",
                     1},
                    {"zigbee2mqtt/door-1",
                     R"({"battery":97,"contact":false,"device_temperature":24,"linkquality":120,"voltage":3015,"last_seen":"2026-03-03T08:00:00+08:00"})",
                     1},
                    {"zigbee2mqtt/sos-1", R"({"action":"emergency","battery":80,"linkquality":144})", 1},
                    {"zigbee2mqtt/pir-1/availability", R"({"state":"online"})", 1},
                    {"frigate/reviews",
                     R"({"type":"update","before":{"id":"1718987129.3-a","camera":"gate","start_time":1718987129.308396,"end_time":null,"severity":"detection","data":{"detections":["1718987128.9-b"],"objects":["person"],"sub_labels":[],"zones":[],"audio":[]}},"after":{"id":"1718987129.3-a","camera":"gate","start_time":1718987129.308396,"end_time":null,"severity":"alert","data":{"detections":["1718987128.9-b"],"objects":["person","car"],"sub_labels":[],"zones":["yard"],"audio":[]}}})",
                     1},
                    {"frigate/events",
                     R"({"type":"new","before":{"id":"1607123955.4-a","camera":"gate","label":"person","score":0.78},"after":{"id":"1607123955.4-a","camera":"gate","frame_time":1607123962.082975,"label":"person","sub_label":null,"top_score":0.958,"false_positive":false,"start_time":1607123955.475377,"end_time":null,"score":0.878,"box":[432,496,544,854],"area":40096,"current_zones":["yard"],"entered_zones":["yard"],"has_snapshot":false,"has_clip":false,"active":true,"stationary":false,"motionless_count":0}})",
                     1},
                    {"application/17c82e96/device/0101010101010101/event/up",
                     R"({"deduplicationId":"3ac7e3c4-4401-4b8d-9386-a5c902f9202d","time":"2026-03-03T09:34:15.775023242+00:00","deviceInfo":{"tenantId":"52f14cd4","tenantName":"ChirpStack","applicationId":"17c82e96","applicationName":"yard","deviceProfileId":"14855bf7","deviceProfileName":"WS301","deviceName":"door","devEui":"0101010101010101","tags":{"key":"value"}},"devAddr":"00189440","dr":1,"fPort":85,"data":"AXVkAwABBAAA","rxInfo":[{"gatewayId":"0016c001f153a14c","uplinkId":4217106255,"rssi":-36,"snr":10.5}],"txInfo":{"frequency":867100000,"modulation":{"lora":{"bandwidth":125000,"spreadingFactor":11,"codeRate":"CR_4_5"}}}})",
                     1},
                    {"v1/devices/me/telemetry",
                     R"({"ts":1772496000000,"values":{"smoke":false,"battery":97,"temperature":21.5}})", 1},
                    {"v1/gateway/telemetry",
                     R"({"door-1":[{"ts":1772496000000,"values":{"contact":true}}],"door-2":[{"ts":1772496000000,"values":{"contact":false}}]})",
                     2},
                    {"homeassistant/binary_sensor/kitchen/smoke/state", "ON", 1},
                    {"/smoke/s-1/properties/report",
                     R"({"timestamp":1772496000000,"messageId":"m-1","properties":{"smoke":false,"battery":97}})", 1},
                    {"push/onvif/xml",
                     R"(<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">tns1:RuleEngine/CellMotionDetector/Motion</wsnt:Topic><wsnt:Message><tt:Message UtcTime="2026-03-03T00:09:40Z" PropertyOperation="Changed"><tt:Source><tt:SimpleItem Name="Rule" Value="00000"/></tt:Source><tt:Data><tt:SimpleItem Name="IsMotion" Value="true"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>)",
                     1},
                    {"push/hikvision/xml",
                     R"(<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema"><ipAddress>10.0.0.9</ipAddress><channelID>1</channelID><dateTime>2026-03-03T08:00:00+08:00</dateTime><activePostCount>1</activePostCount><eventType>fielddetection</eventType><eventState>active</eventState><eventDescription>intrusion</eventDescription><detectionTarget>human</detectionTarget></EventNotificationAlert>)",
                     1},
                    {"push/dahua/json",
                     R"({"Action":"Start","Code":"CrossRegionDetection","Index":0,"Data":{"RealUTC":1772496000,"Object":{"ObjectType":"Human"}}})",
                     1},
                    {"push/ctwing/json", R"({"upPacketSN":-1,"upDataSN":-1,"topic":"v1/up/ad19","timestamp":1772496000000,"tenantId":"1","serviceId":"","protocol":"lwm2m","productId":"15014772","payload":{"serviceId":"notification","serviceData":{"TData":30,"SNR":1,"RSRP":114,"Battery_Level":100,"Alarm_Status":2}},"messageType":"dataReport","deviceType":"","deviceId":"smoke-nb-1","IMSI":"","IMEI":""})",
                     1},
                    {"push/onenet/json",
                     R"({"msg":"{\"notifyType\":\"property\",\"deviceName\":\"smoke-nb-2\",\"data\":{\"params\":{\"smoke_state\":{\"value\":0},\"battery\":{\"value\":90}}}}","id":"1","time":1772496000000})",
                     1},
                    {"push/charging/json",
                     R"({"ConnectorStatusInfo":{"ConnectorID":"pile-1-3","Status":3,"Power":2400,"VoltageA":220.5,"CurrentA":10.9}})",
                     1},
                });

double processor_s() {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

std::shared_ptr<const model::Policy> read_maps(const std::string& dir) {
    auto policy = std::make_shared<model::Policy>();
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(dir)) files.push_back(entry.path());
    std::ranges::sort(files);
    for (const auto& file : files) {
        std::ostringstream text;
        text << std::ifstream(file, std::ios::binary).rdbuf();
        auto read = policy::read_map("maps/" + file.filename().string(), text.str());
        if (!read.map) throw std::runtime_error(policy::to_line(read.findings.front()));
        policy->maps.push_back(std::move(*read.map));
    }
    return policy;
}

// What a door holds to read foreign payloads.
struct Reading {
    std::shared_ptr<const model::Policy> policy;
    doors::Topics topics;
    doors::MappedReader reader;
};

// How many signals came of it; none could be read: 0.
std::size_t map_one(Reading& with, const Sample& sample) {
    const auto fit = with.topics.find(with.policy, sample.topic);
    if (!fit) return 0;
    const auto count = with.reader.read(*fit, "own-1", sample.payload);
    if (!count) return 0;
    std::size_t good = 0;
    for (std::size_t i = 0; i < *count; ++i) {
        if (with.reader.signal(i)) ++good;
    }
    return good;
}

double rate_of(Reading& with, std::span<const Sample> of) {
    std::size_t payloads = 0;
    const double begin = processor_s();
    do {
        for (int i = 0; i < 500; ++i) {
            for (const Sample& sample : of) map_one(with, sample);
        }
        payloads += 500 * of.size();
    } while (processor_s() - begin < 0.2);
    return static_cast<double>(payloads) / (processor_s() - begin);
}

json::object run_mapping(Arguments arguments) {
    Reading with{read_maps(std::string(argument(arguments, "maps", "community/demo/maps"))), {}, {}};
    bool right = true;
    std::size_t bytes = 0;
    std::map<std::string, std::vector<Sample>> by_map;
    for (const Sample& sample : samples) {
        const auto fit = with.topics.find(with.policy, sample.topic);
        right = right && fit && map_one(with, sample) == sample.signals;
        bytes += std::string_view(sample.payload).size();
        if (fit) by_map[fit->map->code].push_back(sample);
    }
    json::object rates;
    const auto only = argument(arguments, "only", "");
    for (const auto& [code, of] : by_map) {
        if (only.empty() || only == code) rates[code] = rate_of(with, of);
    }
    if (!only.empty()) return {{"payloads_per_s_by_map", std::move(rates)}};
    std::vector<double> runs;
    for (int i = 0; i < 5; ++i) runs.push_back(rate_of(with, samples));
    std::ranges::sort(runs);
    return {{"payloads_per_s", runs[2]},
            {"payloads_per_s_by_map", std::move(rates)},
            {"bytes_a_payload", bytes / samples.size()},
            {"maps", with.policy->maps.size()},
            {"checks", {{"each_payload_gives_its_signals", right}, {"fast_enough", runs[2] >= 500'000}}}};
}

const Registered here({"mapping", "payloads through the shipped maps on one core: payloads_per_s", run_mapping});

}  // namespace
}  // namespace shoumen::bench
