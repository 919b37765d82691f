// Stands in for libFuzzer where it is not there: runs the target on every file of a folder and on
// every beginning of each, from heap blocks of exactly their size.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<char> contents(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void run(const std::vector<char>& input, std::size_t size) {
  const auto block = std::make_unique<std::uint8_t[]>(size);
  std::transform(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size), block.get(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  LLVMFuzzerTestOneInput(block.get(), size);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
    return 2;
  }
  std::size_t files = 0;
  std::size_t runs = 0;
  for (const auto& entry : std::filesystem::directory_iterator{argv[1]}) {
    const std::vector<char> input = contents(entry.path());
    ++files;
    for (std::size_t size = 0; size <= input.size(); ++size, ++runs)
      run(input, size);
  }
  std::printf("%zu files, %zu runs\n", files, runs);
  return files == 0 ? 1 : 0;  // an empty corpus proves nothing
}
