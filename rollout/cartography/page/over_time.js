/** The page with its course: what pages without one do not bring. */

import { Course } from "./course.js";
import { extension } from "./main.js";
import { Timeline } from "./timeline.js";

extension.read = (page, { course }) => {
  if (course) page.course = new Course(course, page);
};
extension.build = (page) => {
  if (page.course) page.time = new Timeline(page, page.course);
};
