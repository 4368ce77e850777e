#include "suites/app/commands.hpp"

int main(int argc, char** argv) { return meterproof::suites::run_program(argc, argv); }
