// devices.yaml, and devices-added.yaml, which the program writes itself: devices taken in, and codes of those of
// devices.yaml that are retired, which are read as if they stood there no more.
#include <set>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

constexpr std::string_view file = "devices.yaml";
constexpr std::string_view added_file = "devices-added.yaml";

struct GatewayOf {
    model::DeviceId device;
    const Node* gateway = nullptr;  // the value that names it
    std::string_view file;
};

// `gateway: true` makes a gateway, `gateway: code` names one.
bool says_true(const Node* node) { return node && node->is(Node::Type::text) && !node->quoted && node->text == "true"; }

void read_device(Draft& draft, const Source& source, std::string_view in, const Node& node,
                 const std::set<std::string>& retired, std::vector<GatewayOf>& behind) {
    const Fields fields(source, node, "device", {"id", "kind", "place", "name", "gateway", "person"});
    if (!fields.is_map()) return;
    const Node* id = fields.need("id");
    const auto code = id ? read_code(source, *id, "device") : std::nullopt;
    if (code && retired.contains(*code)) return;
    const Node* gateway = fields.find("gateway");
    model::Device device;
    device.is_gateway = says_true(gateway);
    const Node* kind = device.is_gateway ? fields.find("kind") : fields.need("kind");
    if (kind && device.is_gateway)
        source.at(kind->line, "device-gateway",
                  "a gateway has no kind: it passes on what others say; take the key out");
    else if (kind)
        device.kind = read_word<model::SignalKind>(source, *kind, "kind of device", SHOUMEN_READ(SignalKind))
                          .value_or(model::SignalKind{});
    const Node* person = fields.find("person");
    const auto whose = person ? read_code(source, *person, "person") : std::nullopt;
    if (person && device.is_gateway)
        source.at(person->line, "device-gateway", "a gateway is nobody's: it passes on what others say");
    else if (whose)
        device.person = draft.person(*whose);
    const Node* place = fields.need("place");
    if (place) device.place = draft.places.resolve(source, "place", *place).value_or(model::PlaceId{});
    const Node* name = fields.find("name");
    const auto names = name ? read_names(source, *name) : std::nullopt;
    if (!code) return;
    const auto number = draft.devices.declare(source, "device", *code, id->line);
    if (!number.valid()) return;
    device.code = *code;
    device.name = names.value_or(model::Names{*code, *code});
    if (gateway && !device.is_gateway) behind.push_back({number, gateway, in});
    draft.devices[number] = std::move(device);
}

void join_gateways(Draft& draft, const std::vector<GatewayOf>& behind) {
    for (const auto& [device, node, in] : behind) {
        const Source source = draft.source(in);
        const auto gateway = draft.devices.resolve(source, "device", *node);
        if (!gateway) continue;
        if (draft.devices[*gateway].is_gateway)
            draft.devices[device].gateway = *gateway;
        else
            source.at(node->line, "device-gateway",
                      fmt::format("{} is no gateway: declare it with 'gateway: true'", quote(node->text)));
    }
}

std::set<std::string> read_retired(Draft& draft, const Node& root) {
    std::set<std::string> retired;
    const Source source = draft.source(added_file);
    const Node* list = Fields(source, root, added_file, {"devices", "retired"}).find("retired");
    if (!list) return retired;
    for (const Node* node : items_of(source, *list, "retired")) {
        if (auto code = read_code(source, *node, "device")) retired.insert(std::move(*code));
    }
    return retired;
}

}  // namespace

void read_devices(Draft& draft) {
    const auto tree = draft.tree(std::string(file));
    // Both trees stay until the gateways are joined: they are named by their nodes.
    const auto added =
        draft.files.contains(std::string(added_file)) ? draft.tree(std::string(added_file)) : std::nullopt;
    std::vector<GatewayOf> behind;
    const auto retired = added ? read_retired(draft, *added) : std::set<std::string>{};
    const auto read = [&](std::string_view name, const Node& root) {
        const Source source = draft.source(name);
        const Fields fields = name == added_file ? Fields(source, root, name, {"devices", "retired"})
                                                 : Fields(source, root, name, {"devices"});
        const Node* list = fields.need("devices");
        if (!list) return false;
        for (const Node* node : items_of(source, *list, "devices"))
            read_device(draft, source, name, *node, retired, behind);
        return true;
    };
    if (!tree || !read(file, *tree)) return;
    if (added) read(added_file, *added);
    draft.devices.set_complete();
    join_gateways(draft, behind);
}

}  // namespace shoumen::policy
