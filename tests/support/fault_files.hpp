// ports/files.hpp over a FaultDisk. Each step that touches the disk is an operation of its own, at which the power may
// go.
#pragma once
#include <memory>

#include "ports/files.hpp"
#include "support/fault_disk.hpp"

namespace shoumen::support {

std::unique_ptr<ports::Files> files_on(FaultDisk& disk);

}  // namespace shoumen::support
