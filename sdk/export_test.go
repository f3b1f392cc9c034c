package sdk

import "time"

// WachtOpTabel is how long somebody who has a table waits for a newer one.
const WachtOpTabel = wachtOpTabel

// Wacht makes that another time: a test that tells what is in the newer table needs it, however long that takes.
func (v *VAR) Wacht(d time.Duration) { v.functies.wacht, v.leveringen.wacht = d, d }
