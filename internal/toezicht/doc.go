// Package toezicht watches the quality of the log: whether what stands in it can be accounted for. The log never waits for
// this room and never refuses by it (B8278); it counts afterwards and tells.
//
// A Teller keeps how many records the log holds of each activity on each day, from what stands plain beside the sealed
// content: it opens nothing and knows no person. A Rapport holds these counts against the register of processing activities:
// records without an activity, with an unknown one, or with one that was not valid on the day of the processing.
package toezicht
