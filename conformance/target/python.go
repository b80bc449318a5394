package target

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// launcher is the program that imports the file and calls its run_server.
//
//go:embed launch.py
var launcher string

// Variables in the environment of python3. A file name that stands there needs no
// quotes, and cannot be taken for a placeholder.
const (
	launcherVariable = "PUTGET_CONFORM_LAUNCHER"
	fileVariable     = "PUTGET_CONFORM_FILE"
)

// pythonCommand keeps the folder in which the judge runs from the modules that Python
// finds, as they are kept from a program that is run by its name.
const pythonCommand = `exec python3 -u -c 'import sys; sys.path = [p for p in sys.path if p]
import os; exec(compile(os.environ.pop("` + launcherVariable + `"), "<launcher>", "exec"))' "$` + fileVariable + `" {host} {port}`

// Python returns the target that a Python file is: its function run_server(host, port)
// is called, in the main thread of a python3 from PATH. It may block, or return what
// serves: threads, a coroutine, or an object with a method serve_forever. The file may
// import its neighbours, relatively too. The error says that it cannot be read; that
// it has no such function, or that there is no python3, is for Start to say.
func Python(file string, cfg ExecConfig) (*Process, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("the Python file cannot be read: %w", err)
	}
	if info.IsDir() {
		return nil, errors.New(file + " is a folder; want the Python file that has run_server(host, port)")
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("the Python file cannot be found: %w", err)
	}
	cfg.Env = append([]string{launcherVariable + "=" + launcher, fileVariable + "=" + absolute}, cfg.Env...)
	p, err := Exec(pythonCommand, cfg)
	if err != nil {
		return nil, err
	}
	p.shown = "run_server({host}, {port}) of " + file
	p.program = "python3"
	return p, nil
}
