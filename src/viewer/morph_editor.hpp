#pragma once

#include "session/history.hpp"
#include "session/morph_state.hpp"
#include "viewer/notices.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace facemorph {

/// What a person does with faces and walks: edits of one state, its time, what is selected, and
/// undo. Pure: no thread, no disk, no network.
class MorphEditor {
 public:
  /// `random`: where its random faces begin.
  MorphEditor(Notices& notices, std::uint64_t random) : notices_(notices), random_(random) {}

  MorphState state;              ///< edit freely; record_edits() notices
  std::vector<Face> favourites;  ///< of the open model; edits of them are undone, too
  bool playing = false;          ///< time runs
  std::vector<bool> locked;      ///< per dimension; as long as the latent
  bool hold_others = false;      ///< moving along a direction leaves the other ones alone

  // --- the model behind it ----------------------------------------------------------------------
  /// Values of a latent; 0 before a model is open, when there is nothing to edit.
  int nz() const { return nz_; }
  bool ready() const { return nz_ > 0; }
  /// What a newcomer sees: a walk that plays. Undo, where there is something to go back to, calls
  /// it `title`.
  void begin(const ModelRef& model, int nz, std::vector<Face> favourites, const std::string& title);
  /// The same work with another model: faces of another size are made anew from their seeds, and
  /// go where they have none. A step that undo takes back.
  void change_model(const ModelRef& model, int nz, std::vector<Face> favourites,
                    const std::string& name);
  /// The model of the work is at this place now.
  void refer_to(const ModelRef& model);
  /// Goes on with a state that was kept in a file, and is of the model with latents of `nz` values.
  /// A step that undo takes back.
  void open(MorphState opened, int nz, Chapter chapter, std::vector<Face> favourites,
            const std::string& name);
  /// Begins afresh with the same model.
  void begin_afresh();
  /// Goes on where another window ended. Its state is of this model.
  void go_on(History kept, const ModelRef& model, int nz, std::vector<Face> favourites);
  /// The same, but only for undo: what is on show is opened next.
  void remember(History kept);

  // --- undo -------------------------------------------------------------------------------------
  const History& history() const { return history_; }
  /// After the panels, while no hand is down: makes one step of what was edited since the last.
  /// Returns whether there was something.
  bool record_edits();
  /// The step's model is open by now, and has latents of `nz` values. The playhead stays where it
  /// is, unless something else was open then.
  void go_to_step(std::size_t step, int nz);
  /// Where the work is kept; saving is no edit.
  const Chapter& chapter() const { return history_.chapter(); }
  void saved_as(const std::filesystem::path& session, const MorphState& as);
  /// Whether the history has changed since the last call.
  bool take_unkept() { return std::exchange(unkept_, false); }
  /// Whether the work differs from what was opened or saved.
  bool changed() const { return ready() && chapter().changed(state); }

  // --- faces ------------------------------------------------------------------------------------
  /// The latent on show, before truncation.
  Latent shown_latent() const;
  /// The face on show, with its seed or name while it still is exactly that face.
  Face shown_face() const;
  /// Leaves the walk and shows this face.
  void show_face(Face face);
  /// Makes whatever is on show the still face, so that the sliders take over from there.
  void grab_shown();
  /// Sets one dimension of the still face (grabs first).
  void set_dimension(std::size_t index, float value);
  /// New random values for the unlocked dimensions in [first, last).
  void randomise(std::size_t first, std::size_t last);
  /// A fresh face from a random seed; locked dimensions keep their values.
  void random_face();
  /// Another face much like the one on show; locked dimensions keep their values.
  void jump_near();
  /// The face of the seed `by` further on (from the still face's seed, or 0).
  void step_seed(int by);
  /// Names it wherever it is: on the stage, on the walk, among the favourites, in the sum.
  void name_face(const Face& face, const std::string& name);
  /// The face on show as text, and the other way round: complains where the text is no such face.
  std::string copy_face() const;
  void paste_face(const std::string& text);

  // --- favourites -------------------------------------------------------------------------------
  bool is_favourite(const Face& face) const;
  void toggle_favourite(const Face& face);
  /// Brings one to another place in the list.
  void move_favourite(std::size_t from, std::size_t to);

  // --- truncation, sums, directions, the pad ----------------------------------------------------
  /// The walk's of this moment where it is keyed, else the state's.
  float truncation() const { return truncation_at(state, state.playhead); }
  void set_truncation(float value);
  /// Which of the two first terms of the sum a face is in.
  enum class Mark { None, Has, HasNot };
  Mark mark_of(const Face& face) const;
  /// Puts a face into A (it has something) or B (it has not), or takes it out again.
  void mark(const Face& face, bool has);
  void add_direction(std::string name, Latent vector);
  /// The place of the face on show along a direction; of a keyed one, what its track adds.
  float place_along(const Direction& direction) const;
  /// Moves the still face to this place along a direction (grabs first), or writes its track's key.
  /// With hold_others, the face stays where it is along the state's and these `others`.
  void move_along(const Direction& direction, float place, std::span<const Direction> others);
  /// Shows the face at a place of the pad, and moves its puck there.
  void move_puck(float x, float y);
  void set_corner(std::size_t corner, Face face);
  void random_corners();

  // --- playing ----------------------------------------------------------------------------------
  bool animating() const { return playing && state.walking; }
  double duration() const { return facemorph::duration(state); }
  bool can_play() const;  ///< a walk through faces needs two
  void play(bool on);
  /// Lets time pass while it plays.
  void advance(double seconds);
  void scrub(double seconds);
  /// Playing stays between these two moments. For the window alone, not for what is rendered.
  struct Region {
    double from = 0;
    double to = 0;
  };
  std::optional<Region> region;
  /// Marks the region's beginning or end at the playhead.
  void begin_region();
  void end_region();
  /// After any edit: the playhead, the region and the selection are where something is.
  void keep_in_walk();
  /// The whole time line faster or slower, the playhead at the same place of it.
  void change_pace(double seconds_per_face);

  // --- the walk's time line ---------------------------------------------------------------------
  /// A key of the faces, or of a track.
  struct KeyRef {
    std::optional<std::size_t> track;
    std::size_t key = 0;
    bool operator==(const KeyRef&) const = default;
  };
  std::optional<KeyRef> selected;
  void add_to_walk(Face face) { append_key(state, std::move(face)); }  ///< behind its last face
  void add_shown_to_walk();
  /// At the playhead, which goes there; behind the face that is there already.
  void insert_into_walk(Face face);
  void remove_key(KeyRef which);
  void duplicate_key(std::size_t index);
  /// Replaces the walk by one through five random faces, and plays it.
  void surprise_walk();
  /// Whether a track sets this on the walk that is on show: then sliders write its keys.
  bool keyed(const TrackTarget& target) const;
  bool has_key_here(const TrackTarget& target) const;
  /// A key at the playhead with the value of now, or none any more.
  void toggle_key(const TrackTarget& target);

 private:
  std::uint64_t short_seed();
  void write_key(const TrackTarget& target, float value, float y = 0);
  void take(Work work);
  void fit(int nz);
  void fit_faces();
  Work work() const { return {state, favourites}; }

  Notices& notices_;
  std::uint64_t random_;
  int nz_ = 0;
  History history_;
  bool unkept_ = false;
};

}  // namespace facemorph
