/** The script of the doors: signing in, setting up a conference, joining, waiting. Every page works without it. */

import { copyButtons, goToWhatIsWrong, printButtons, shownPassword } from "./doors/forms";
import { testReadiness } from "./doors/ready_test";
import { waitToBeLetIn } from "./doors/waiting_room";
import { hideAndShow } from "./reading/hide";
import { erase, storeOf } from "./reading/store";

// "Nothing is kept on this device", also if this tab was asleep or had crashed when it was said to its page.
if (document.querySelector("[data-nothing-kept]") !== null) erase(storeOf(location.pathname));
hideAndShow();
goToWhatIsWrong();
shownPassword();
copyButtons();
printButtons();
testReadiness();
waitToBeLetIn();
