#include "exposition.hpp"

#include <cstdlib>
#include <regex>
#include <sstream>

namespace shoumen::service {
namespace {

class Reader {
public:
    Metrics read(const std::string& text) {
        if (text.empty() || text.back() != '\n') find("it does not end with a line's end");
        std::istringstream in(text);
        std::string line;
        while (std::getline(in, line)) take(line);
        check_histograms();
        return std::move(out_);
    }

private:
    void find(const std::string& what) { out_.findings.push_back(what + (line_.empty() ? "" : ": " + line_)); }

    void take(const std::string& line) {
        line_ = line;
        static const std::regex help(R"(# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+))");
        static const std::regex type(R"(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram))");
        static const std::regex sample(
            R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)+\})? (\S+))re");
        std::smatch m;
        if (std::regex_match(line, m, help)) return begin(m[1]);
        if (std::regex_match(line, m, type)) return typed(m[1], m[2]);
        if (!std::regex_match(line, m, sample)) return find("no line of the format");
        sampled(m[1], m[2], m[5]);
    }

    void begin(const std::string& name) {
        if (!helped_.insert(name).second) find("HELP twice");
        family_ = name;
    }
    void typed(const std::string& name, const std::string& type) {
        if (name != family_) find("TYPE without its HELP before it");
        if (!out_.types.emplace(name, type).second) find("TYPE twice");
        const bool total = name.ends_with("_total");
        if (total != (type == "counter")) find("a counter, and it alone, ends with _total");
    }
    void sampled(const std::string& name, const std::string& labels, const std::string& value) {
        const std::string& type = out_.types[family_];
        const bool part = type == "histogram" &&
                          (name == family_ + "_bucket" || name == family_ + "_sum" || name == family_ + "_count");
        if (!(name == family_ && type != "histogram") && !part) find("a sample outside its family");
        char* end = nullptr;
        const double number = std::strtod(value.c_str(), &end);
        if (*end != '\0') find("no number");
        if (type != "gauge" && number < 0) find("a counter below zero");
        if (!out_.samples.emplace(name + labels, number).second) find("the same series twice");
        if (name == family_ + "_bucket") {
            if (number < last_bucket_[family_]) find("buckets fall");
            last_bucket_[family_] = number;
            if (labels == R"({le="+Inf"})") closed_.insert(family_);
        }
    }
    void check_histograms() {
        line_.clear();
        for (const auto& [name, type] : out_.types) {
            if (type != "histogram") continue;
            if (!closed_.contains(name)) find(name + " has no bucket +Inf");
            if (out_.of(name + R"(_bucket{le="+Inf"})") != out_.of(name + "_count")) find(name + ": +Inf is not count");
        }
    }

    Metrics out_;
    std::string line_;
    std::string family_;
    std::set<std::string> helped_;
    std::set<std::string> closed_;
    std::map<std::string, double> last_bucket_;
};

}  // namespace

double Metrics::of(const std::string& series) const {
    const auto it = samples.find(series);
    return it == samples.end() ? 0 : it->second;
}

double Metrics::sum(const std::string& prefix) const {
    double sum = 0;
    for (const auto& [name, value] : samples) {
        if (name.starts_with(prefix)) sum += value;
    }
    return sum;
}

Metrics read_metrics(const std::string& text) { return Reader().read(text); }

}  // namespace shoumen::service
