#include "base/error.hpp"
#include "checkpoint/fixtures.hpp"
#include "checkpoint/generator/generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace facemorph {
namespace {

using testing::checkpoints;

struct Refusal {
  std::string file;
  std::vector<std::string> says;  ///< what the file is, and what to do
};

const std::vector<Refusal> kRefusals = {
    // Pickles that ask to run something.
    {"hostile-zip.pth", {"\"posix.system\"", "did not run it", "netG.state_dict()"}},
    {"hostile-legacy.pth", {"\"posix.system\"", "did not run it", "netG.state_dict()"}},
    {"hostile-protocol-4.pth", {"\"posix.system\"", "did not run it", "netG.state_dict()"}},
    {"hostile-inst.pth", {"\"posix.system\"", "did not run it", "netG.state_dict()"}},
    {"hostile-eval.pth", {"\"builtins.eval\"", "did not run it", "netG.state_dict()"}},
    {"hostile-script.pt", {"\"posix.system\"", "did not run it", "netG.state_dict()"}},
    {"script-class.pth", {"\"__torch__.Net\"", "did not run it"}},
    {"hostile-plain.pkl", {"plain Python pickle", "torch.save"}},
    {"terminal.pth", {"\"?]0;title?.system\""}},
    {"quantised.pth", {"_rebuild_qtensor", "float weights"}},
    // Claims far beyond the file.
    {"huge-header.safetensors", {"claims 10737418240 bytes", "again"}},
    {"huge-tensor.safetensors", {"larger than the file", "again"}},
    {"overlap.safetensors", {"overlaps", "again"}},
    {"deep.safetensors", {"damaged", "again"}},
    {"wide.safetensors", {"damaged", "again"}},
    {"huge-shape.pth", {"main.0.weight", "outside its data", "again"}},
    {"negative-offset.pth", {"main.0.weight", "outside its data", "again"}},
    {"expanded.pth", {"'w'", "far larger than the file"}},
    {"many-expanded.pth", {"far larger than the file"}},
    {"huge-legacy.pth", {"holds less data than it says", "again"}},
    {"zip-bomb.pth", {"claims 157286400 bytes", "more than the file can hold"}},
    {"nested-lists.pth", {"far too many parts"}},
    {"billion-laughs.pth", {"list of 200 things", "netG.pth"}},
    {"self-reference.pth", {"no tensors", "netG.pth"}},
    // Damage.
    {"truncated.pth", {"damaged or cut off", "again"}},
    {"torn-start.pth", {"damaged or cut off", "again"}},
    {"flipped-bit.pth", {"damaged", "CRC", "again"}},
    {"missing-data.pth", {"data/0 is missing", "again"}},
    {"truncated-legacy.pth", {"cut off", "again"}},
    {"torn-legacy.pth", {"ends too early", "again"}},
    {"truncated.safetensors", {"beyond the file's end", "again"}},
    {"torn-header.safetensors", {"claims", "again"}},
    {"big-endian.pth", {"big-endian", "Save it again"}},
    // Tensors that are no generator, or none of those that open yet.
    {"discriminator.pth", {"discriminator", "netG.pth"}},
    {"discriminator-spectral.pth", {"discriminator", "netG.pth"}},
    {"optimiser.pth", {"optimiser", "netG.pth"}},
    {"losses.pth", {"list of 3 numbers", "netG.pth"}},
    {"images.pth", {"single tensor", "[4, 3, 8, 8]", "netG.pth"}},
    {"list-of-images.pth", {"list of 5 tensors", "netG.pth"}},
    {"empty-dict.pth", {"dictionary", "empty", "netG.pth"}},
    {"numbers.pth", {"dictionary of numbers", "netG.pth"}},
    {"nothing.pth", {"no weights", "netG.pth"}},
    {"noise-tensor.pth", {"no layers", "netG.pth"}},
    {"linear.pth", {"do not follow on from each other", "[4, 4]", "TorchScript"}},
    {"chain.pth", {"do not follow on from each other", "'main.3' [17, ", "TorchScript"}},
    {"norm-width.pth", {"'main.1'", "differ in size"}},
    {"four-channels.pth", {"1 or 3 channels"}},
    {"int8.pth", {"'main.0.weight'", "int8", "float32"}},
    {"nan.pth", {"main.0.weight", "not finite", "earlier checkpoint"}},
    // Other files.
    {"pointer.pth", {"Git LFS pointer", "git lfs pull"}},
    {"page.pth", {"web page", "download"}},
    {"picture.pth", {"picture", "netG.pth"}},
    {"photo.pth", {"picture", "netG.pth"}},
    {"array.npy", {"NumPy array", "numpy.savez"}},
    {"latents.npy", {"single NumPy array of shape [8, 100]", "numpy.savez"}},
    {"torn.npz", {"'arr_0'", "damaged", "again"}},
    {"short.npz", {"'arr_0'", "damaged", "again"}},
    {"endless.npz", {"'arr_0'", "damaged", "again"}},
    {"code.npz", {"'arr_0'", "damaged"}},
    {"objects.npz", {"'networks'", "Python objects", "never loads"}},
    {"pictures.npz", {"no layers of a network", "netG.pth"}},
    {"keras.h5", {"HDF5 (Keras)", "ONNX", "numpy.savez"}},
    {"compressed.pth.gz", {"compressed", "Unpack"}},
    {"plain.tar", {"tar archive", "Unpack"}},
    {"some.zip", {"zip archive", "unpack"}},
    {"wrapped.zip", {"checkpoint inside", "Unpack"}},
    {"empty.zip", {"empty zip", "again"}},
    {"notes.pth", {"text file", "netG.pth"}},
    {"config.pth", {"JSON", "netG.pth"}},
    {"zeros.pth", {"zeros", "again"}},
    {"empty.pth", {"empty", "again"}},
    {"noise.pth", {"no checkpoint", ".safetensors"}},
    {"folder.pth", {"folder"}},
    {"not-there.pth", {"does not exist"}},
};

std::string message_for(const std::string& file) {
  try {
    open_generator(read_checkpoint(checkpoints() / "bad" / file));
  } catch (const Error& error) {
    return error.what();
  }
  return "(it opened)";
}

TEST(RefuseCheckpoint, SaysWhatAFileIsInsteadAndHowToGoOn) {
  for (const auto& [file, says] : kRefusals) {
    SCOPED_TRACE(file);
    const std::string message = message_for(file);
    for (const std::string& part : says)
      EXPECT_THAT(message, ::testing::HasSubstr(part));
  }
}

TEST(RefuseCheckpoint, EveryBadFixtureIsListedAbove) {
  std::set<std::string> listed;
  for (const Refusal& refusal : kRefusals)
    listed.insert(refusal.file);
  for (const auto& entry : std::filesystem::directory_iterator(checkpoints() / "bad"))
    EXPECT_TRUE(listed.contains(entry.path().filename().string())) << entry.path();
}

TEST(RefuseCheckpoint, NeverRunsWhatAPickleAsksFor) {
  const auto bad = checkpoints() / "bad";
  for (const char* name : {"hostile-zip.pth", "hostile-legacy.pth", "hostile-protocol-4.pth",
                           "hostile-inst.pth", "hostile-script.pt", "hostile-plain.pkl"})
    EXPECT_THROW(read_checkpoint(bad / name), Error) << name;
  EXPECT_FALSE(std::filesystem::exists(bad / "payload-ran"));
}

}  // namespace
}  // namespace facemorph
