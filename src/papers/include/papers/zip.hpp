// Papers to take away: several files in one archive that every computer opens.
//
// Names are ASCII without a leading slash. Errors: store-error (no memory). Pure, but for the time that stands on the
// files, which is given.
#pragma once
#include <map>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::papers {

base::Result<std::string> zip(const std::map<std::string, std::string>& files, base::Time at);

}  // namespace shoumen::papers
