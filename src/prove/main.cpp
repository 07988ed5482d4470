// shoumen-verify: checks records from files alone. It knows the rooms base and prove and nothing of the server.
#include "prove/audit.hpp"

int main(int count, char** arguments) {
    return shoumen::prove::run_verify({arguments + (count > 0 ? 1 : 0), arguments + count});
}
