/// What ThreadSanitizer is told to leave out; it calls this function by its name. OpenBLAS and
/// FFmpeg are not built for it, so it cannot see how those libraries' own threads pass work and
/// frames on and takes it as a race. By function, not by library: the latter aborts.
extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __tsan_default_suppressions() {
  return "race:sgemm_\n"
         "race:blas_thread_\n"
         "race:exec_blas\n"
         "race:inner_thread\n"
         "race:av_buffer_unref\n"
         "race:av_frame_unref\n";
}
