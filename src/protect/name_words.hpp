// The words that find_names goes by.
#pragma once
#include "words.hpp"

namespace shoumen::protect {

const Words& common_surnames();
const Words& doubtful_surnames();  // rare ones, and those that are everyday words as well: 于, 和 …
const Words& long_surnames();      // of two characters
const Words& no_names();           // words that begin with a surname
const Words& after();              // what may follow a name
const Words& announcements();      // a name comes after them as a rule: 姓名, 联系人 …
const Words& roles();              // a name may come after them: 业主, 儿子 …
const Words& titles();             // 先生, 阿姨 …

}  // namespace shoumen::protect
