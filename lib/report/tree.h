#pragma once
// A tree of lines, drawn with box characters.

#include <string>
#include <vector>

namespace dcv::report {

struct TreeNode {
  std::string text;  // one line
  std::vector<TreeNode> children;
};

// The node's own line at the left edge, its descendants below; every line ends.
std::string drawn(const TreeNode& root);

}  // namespace dcv::report
