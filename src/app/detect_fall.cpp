// Falls in what a sensor measures, as a gateway runs it: samples in by line, a signal out by line for each fall.
#include "detect_fall.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "app/sample_lines.hpp"
#include "detect/models.hpp"
#include "detect/thermal.hpp"
#include "detect/wrist.hpp"

#include "commands.hpp"

namespace shoumen::app {
namespace {

namespace json = boost::json;

int refuse(const std::string& message) {
    fmt::print(stderr, "shoumen detect fall: {}\n", message);
    return cannot_run;
}

std::vector<std::string> names_for(bool thermal) {
    if (!thermal) return {"x", "y", "z"};
    std::vector<std::string> names;
    for (std::size_t i = 1; i <= detect::thermal_zones; ++i) names.push_back(fmt::format("t{}", i));
    return names;
}

// The wrist or the array: what finds falls in samples.
class Finder {
public:
    explicit Finder(const DetectFallOptions& o)
        : scale_(o.unit == "g" ? 1 : 1 / detect::standard_gravity),
          wrist_(o.thermal ? nullptr : std::make_unique<detect::WristFalls>(detect::wrist_model())),
          thermal_(o.thermal ? std::make_unique<detect::ThermalFalls>(detect::thermal_model()) : nullptr) {}

    std::optional<detect::Fall> push(const Sample& s) {
        if (wrist_) return wrist_->push({s.time, s.values[0] * scale_, s.values[1] * scale_, s.values[2] * scale_});
        detect::ThermalFrame frame{s.time, {}};
        std::copy(s.values.begin(), s.values.end(), frame.celsius.begin());
        return thermal_->push(frame);
    }

    // No more samples come.
    std::optional<detect::Fall> finish() { return wrist_ ? wrist_->finish() : std::nullopt; }

    [[nodiscard]] const std::string& model() const {
        return wrist_ ? detect::wrist_model().name : detect::thermal_model().name;
    }
    [[nodiscard]] std::uint64_t implausible() const { return wrist_ ? wrist_->implausible() : 0; }

private:
    double scale_;
    std::unique_ptr<detect::WristFalls> wrist_;
    std::unique_ptr<detect::ThermalFalls> thermal_;
};

std::string signal_of(const DetectFallOptions& o, const detect::Fall& fall, bool dated, const std::string& model) {
    const double sure = std::round(fall.confidence * 1000) / 1000;
    json::object out;
    if (dated) out["id"] = fmt::format("fall-{}", fall.time.us);
    if (!o.device.empty()) out["device"] = o.device;
    out["kind"] = o.thermal ? "camera_fall" : "elder_bracelet";
    if (dated) out["time"] = base::format_utc(fall.time);
    json::object values{{"fall", true}};
    if (o.thermal) values["score"] = sure;
    values["confidence"] = sure;
    values["model"] = model;
    out["values"] = std::move(values);
    return json::serialize(out);
}

class Run {
public:
    Run(const DetectFallOptions& o, std::istream& in) : o_(o), in_(in), finder_(o), lines_(names_for(o.thermal)) {}

    int run() {
        std::string line;
        while (next(line)) {
            const auto sample = lines_.read(line);
            if (!sample) {
                complain(sample.error().message);
            } else if (*sample && !take(**sample)) {
                return refuse("stdout is closed");
            }
        }
        if (const auto fall = finder_.finish(); fall && !tell(*fall)) return refuse("stdout is closed");
        if (in_.bad()) return refuse(o_.file + ": reading broke off");
        if (complaints_ > shown) fmt::print(stderr, "shoumen detect fall: {} lines could not be read\n", complaints_);
        return complaints_ == 0 ? fine : findings;
    }

private:
    static constexpr std::uint64_t shown = 20;  // complaints in full

    // A line without its end. Of one that is too long no more is kept than shows it.
    bool next(std::string& line) {
        line.clear();
        auto* buffer = in_.rdbuf();
        int c = buffer->sbumpc();
        if (c == std::char_traits<char>::eof()) return false;
        ++number_;
        for (; c != std::char_traits<char>::eof() && c != '\n'; c = buffer->sbumpc()) {
            if (line.size() <= SampleLines::longest) line.push_back(static_cast<char>(c));
        }
        return true;
    }

    void complain(const std::string& message) {
        if (++complaints_ <= shown)
            fmt::print(stderr, "{}:{}: bad-line: {}\n", o_.file.empty() ? "-" : o_.file, number_, message);
    }

    bool take(const Sample& sample) {
        const auto fall = finder_.push(sample);
        if (finder_.implausible() > 0 && !std::exchange(warned_, true))
            fmt::print(stderr,
                       "{}:{}: implausible: the mean of four seconds is not near 1 g; is --unit {} right? Such time "
                       "is passed over\n",
                       o_.file.empty() ? "-" : o_.file, number_, o_.unit);
        dated_ = sample.dated;
        return !fall || tell(*fall);
    }

    bool tell(const detect::Fall& fall) {
        fmt::print("{}\n", signal_of(o_, fall, dated_, finder_.model()));
        return std::fflush(stdout) == 0;
    }

    const DetectFallOptions& o_;
    std::istream& in_;
    Finder finder_;
    SampleLines lines_;
    std::uint64_t number_ = 0;
    std::uint64_t complaints_ = 0;
    bool warned_ = false;
    bool dated_ = false;  // the latest sample
};

}  // namespace

int detect_fall(const DetectFallOptions& o) {
    std::ios::sync_with_stdio(false);
    if (o.file.empty() || o.file == "-") return Run(o, std::cin).run();
    std::ifstream in(o.file, std::ios::binary);
    if (!in || in.peek() == std::ifstream::traits_type::eof()) return refuse(o.file + ": cannot be read, or is empty");
    return Run(o, in).run();
}

}  // namespace shoumen::app
