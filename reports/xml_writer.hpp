// Writes XML 1.0 that is well-formed whatever the values hold: every text and attribute value goes
// through escaped(). Element and attribute names are ours and trusted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meterproof::reports {

class XmlWriter {
 public:
  XmlWriter();

  // Attributes follow their element at once, before anything is put into it.
  XmlWriter& open(std::string_view element);
  XmlWriter& attribute(std::string_view name, std::string_view value);
  XmlWriter& attribute(std::string_view name, int value);
  XmlWriter& text(std::string_view text);
  XmlWriter& close();
  // open, text, close.
  XmlWriter& element(std::string_view name, std::string_view text);

  // Closes what is open and hands the document over.
  std::string finish();

 private:
  void end_tag_of_parent();

  std::string document_;
  struct Open {
    std::string name;
    bool has_elements = false;
    bool has_text = false;
  };
  std::vector<Open> open_;
  bool in_tag_ = false;
};

}  // namespace meterproof::reports
