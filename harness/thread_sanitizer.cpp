// What the thread sanitizer is told not to report, in the programs built with it and in no others.
#ifdef __SANITIZE_THREAD__

extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __tsan_default_suppressions() {
  // libstdc++ 12 gives up its share of a stop state with release order only, so the sanitizer does
  // not see that the last owner's delete comes after the others' use (bits of <stop_token>,
  // _M_release_ownership; later versions use acquire and release).
  return "race:std::stop_token::_Stop_state_t::_M_release_ownership\n";
}

#endif
