// The geometric types, both ways and in both formats, against the server's own text of them.

#include <string>
#include <vector>

#include "integration/differential.hpp"
#include "integration/input_oracle.hpp"
#include "tusk/types/geometry.hpp"

namespace {

using namespace tusk::test;

const std::vector<std::string> pieces{"(", ")",  "[", "]",   ",",        "<",  ">",   "{",
                                      "}", " ",  "1", "2.5", "-3",       "+4", ".5",  "1e3",
                                      "e", "\t", "x", "NaN", "Infinity", "-",  "-inf"};

}  // namespace

TEST_CASE("points, segments and boxes go both ways, bit by bit") {
  compare<tusk::point>("point",
                       {"'(0,0)'", "'(1,-2.5)'", "'(-0,1e-300)'", "'(NaN,Infinity)'",
                        "'(-Infinity,5e-324)'", "'(1.7976931348623157e308,0.1)'", "'3,4'"});
  compare<tusk::lseg>("lseg", {"'[(1,2),(3,4)]'", "'(1,2),(3,4)'", "'[(NaN,-0),(1e20,0.3)]'"});
  compare<tusk::box>("box", {"'(1,2),(3,4)'", "'(1,4),(3,2)'", "'(NaN,1),(0,Infinity)'",
                             "'(0,0),(-0,-0)'", "'(1,NaN),(NaN,2)'"});
}

TEST_CASE("lines and circles go both ways") {
  compare<tusk::line>("line", {"'{1,2,3}'", "'{0,-1,0}'", "'[(0,0),(1,1)]'", "'{NaN,NaN,NaN}'",
                               "'{1e300,-0,Infinity}'", "'(1,2),(1,3)'"});
  compare<tusk::circle>("circle", {"'<(1,2),3>'", "'<(0,0),0>'", "'<(-1.5,NaN),Infinity>'",
                                   "'<(0,0),NaN>'", "'1,2,3'"});
}

TEST_CASE("paths, open and closed, and polygons go both ways") {
  compare<tusk::path>("path", {"'[(1,2),(3,4)]'", "'((1,2),(3,4))'", "'(1,2),(3,4)'", "'[(1,2)]'",
                               "'((NaN,-0),(Infinity,1e-5))'",
                               "(select path(polygon(1000, '<(0.1,0.2),3>'::circle)))"});
  compare<tusk::polygon>("polygon", {"'((1,2),(3,4),(5,6))'", "'((1,2))'", "'((NaN,0),(1,-0))'",
                                     "polygon(1000, '<(0.1,0.2),3>'::circle)"});
}

TEST_CASE("geometric texts are read as the server reads them, and refused as it refuses them") {
  compare_input<tusk::point>("point", {"(1,2)", " ( 1 , 2 ) ", "1,2"}, pieces);
  compare_input<tusk::lseg>("lseg", {"[(1,2),(3,4)]", "((1,2),(3,4))", "(1,2),(3,4)", "1,2,3,4"},
                            pieces);
  compare_input<tusk::box>("box", {"(1,2),(3,4)", "((1,2),(3,4))", "(1,2,3,4)", "1,2,3,4"}, pieces);
  compare_input<tusk::line>("line", {"{1,2,3}", " { 1 , 2 , 3 } ", "[(1,2),(3,4)]", "1,2,3,5"},
                            pieces);
  compare_input<tusk::circle>("circle", {"<(1,2),3>", "((1,2),3)", "(1,2),3", "1,2,3", "<1,2,3>"},
                              pieces);
  compare_input<tusk::path>(
      "path", {"[(1,2),(3,4)]", "((1,2),(3,4),(5,6))", "(1,2),(3,4)", "(1,2,3,4)", "1,2,3,4"},
      pieces);
  compare_input<tusk::polygon>("polygon", {"((1,2),(3,4),(5,6))", "(1,2),(3,4)", "1,2,3,4"},
                               pieces);
}

TEST_CASE("a line through two points is the one that the server makes of them") {
  auto db = connect();
  for (const char* points : {"(0,0),(1,2)", "(1,1),(1,5)", "(1,1),(7,1)", "(0.1,0.2),(0.3,0.7)",
                             "(-5,3),(1e10,1e-10)", "(3,-1),(-2,4)"}) {
    CAPTURE(points);
    const auto ends = db.scalar<tusk::lseg>("select $1::lseg", std::string(points));
    const auto own = tusk::line::through(ends.start, ends.end);
    REQUIRE(own);
    CHECK(db.scalar<tusk::line>("select line(($1::lseg)[0], ($1::lseg)[1])", ends) == *own);
  }
}
