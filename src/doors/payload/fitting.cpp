#include "doors/payload/fitting.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace shoumen::doors {

using model::MapTopic;

namespace {

bool is_word(std::string_view level) { return level.starts_with('{'); }
bool is_wild(std::string_view level) { return level == "+" || level == "#" || is_word(level); }

bool fits(const MapTopic& entry, std::string_view topic, std::string_view& device) {
    for (std::size_t i = 0; i < entry.levels.size(); ++i) {
        const std::string& level = entry.levels[i];
        if (level == "#") return true;
        std::size_t end = level.size();
        if (is_wild(level)) {
            end = std::min(topic.find('/'), topic.size());
            if (is_word(level) && end == 0) return false;
            if (level == "{device}") device = topic.substr(0, end);
        } else if (!topic.starts_with(level)) {
            return false;
        }
        if (topic.size() == end) return i + 1 == entry.levels.size();
        if (topic[end] != '/') return false;
        topic.remove_prefix(end + 1);
    }
    return false;  // the topic goes on
}

}  // namespace

std::optional<Fitting> fitting(const std::vector<model::Map>& maps, std::string_view topic) {
    for (const model::Map& map : maps) {
        for (const MapTopic& entry : map.topics) {
            Fitting found{&map, &entry, {}, topic};
            if (fits(entry, topic, found.device)) return found;
        }
    }
    return std::nullopt;
}

void Topics::build() {
    literal_.clear();
    by_first_.clear();
    any_first_.clear();
    for (const model::Map& map : of_->maps) {
        for (const MapTopic& entry : map.topics) {
            if (!is_wild(entry.levels.front())) by_first_[entry.levels.front()];
        }
    }
    std::uint32_t place = 0;
    for (const model::Map& map : of_->maps) {
        for (const MapTopic& entry : map.topics) {
            Entry one{&map, &entry, place++};
            if (std::ranges::none_of(entry.levels, is_wild)) {
                literal_.try_emplace(fmt::format("{}", fmt::join(entry.levels, "/")), one);
                continue;
            }
            if (std::ranges::find(entry.levels, "#") == entry.levels.end()) one.depth = entry.levels.size();
            if (entry.levels.size() > 1 && !is_wild(entry.levels[1])) one.second = *entry.levels[1].c_str();
            if (!is_wild(entry.levels.front())) {
                by_first_[entry.levels.front()].push_back(one);
                continue;
            }
            for (auto& [first, entries] : by_first_) entries.push_back(one);
            any_first_.push_back(one);
        }
    }
}

std::optional<Fitting> Topics::find(const std::shared_ptr<const model::Policy>& policy, std::string_view topic) {
    if (!policy) return std::nullopt;
    if (policy != of_) {
        of_ = policy;
        build();
    }
    const auto literal = literal_.find(topic);
    const bool is_literal = literal != literal_.end();
    const std::size_t slash = topic.find('/');
    const auto known = by_first_.find(topic.substr(0, slash));
    const auto& patterns = known == by_first_.end() ? any_first_ : known->second;
    if (!patterns.empty() && !(is_literal && literal->second.place < patterns.front().place)) {
        const char second = slash != std::string_view::npos && slash + 1 < topic.size() ? topic[slash + 1] : '\0';
        const auto depth = static_cast<std::size_t>(std::ranges::count(topic, '/')) + 1;
        for (const Entry& one : patterns) {
            if (is_literal && literal->second.place < one.place) break;
            if ((one.second != 0 && one.second != second) || (one.depth != 0 && one.depth != depth)) continue;
            Fitting found{one.map, one.topic, {}, topic};
            if (fits(*one.topic, topic, found.device)) return found;
        }
    }
    if (!is_literal) return std::nullopt;
    return Fitting{literal->second.map, literal->second.topic, {}, topic};
}

std::string_view code_of(const model::Map& map, std::string_view name) {
    const auto known = std::ranges::lower_bound(map.devices, name, std::less<>{}, &model::MapPair::from);
    return known != map.devices.end() && known->from == name ? std::string_view(known->to) : name;
}

std::string_view code_of(const Fitting& fitting) { return code_of(*fitting.map, fitting.device); }

}  // namespace shoumen::doors
