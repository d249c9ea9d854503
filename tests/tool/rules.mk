# The program onecard with profiles, CAP files and images that are good and bad.
TEST_STEPS += 'python3 tests/tool/profiles.py $(BUILD)'
