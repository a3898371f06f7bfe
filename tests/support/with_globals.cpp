// What check_globals.py must find: every kind of a variable that outlives its function.

int c_counter = 0;

namespace facemorph {
namespace {

thread_local int per_thread = 0;
int hidden = 1;

}  // namespace

inline int shared_by_all = 1;

struct Counted {
  static int count;
};
int Counted::count = 0;

int next_number() {
  static int calls = 0;
  return ++calls + ++per_thread + ++hidden + ++shared_by_all + ++Counted::count + ++c_counter;
}

}  // namespace facemorph
